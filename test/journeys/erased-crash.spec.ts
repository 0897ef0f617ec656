import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Customer } from '../harness/customer.js';
import { contactOf, erase, erasureStands, tablesWith } from '../harness/erasure.js';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

async function talks(customer: Customer): Promise<string> {
  customer.texts('Please remember that I am allergic to walnuts.');
  await customer.expectsSms(/I will remember that/);
  customer.texts('What is your policy on cancelled walnut cakes?');
  await customer.expectsSms(/nothing about that in our pages/);
  await house.expectQuiet();
  return contactOf(house, customer);
}

test.each(['erasure.silenced', 'erasure.erased', 'erasure.copy_removed', 'erasure.copy_removed#3', 'erasure.removed'])(
  'the hub dies at %s: after the restart the erasure ends the same', async (point) => {
    const customer = house.customer();
    const contactId = await talks(customer);
    house.diesAt(point);
    await erase(house, contactId);
    if (point !== 'erasure.silenced') {
      await erasureStands(house, contactId, 'silenced');
      await house.forward('3m');
    }
    await house.comesBack();
    await house.forward('3m');
    expect(await erasureStands(house, contactId, 'done')).toMatchObject({ remains: { left: {}, elsewhere: {} }, twilio: { message: { found: 4, removed: 4 } } });
    expect(await tablesWith(house, customer.address)).toEqual([]);
    await house.expectQuiet();
  });
