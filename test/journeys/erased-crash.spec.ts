import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { erase, erasureStands, tablesWith, talksOfWalnuts } from '../harness/erasure.js';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

test.each(['erasure.silenced', 'erasure.erased', 'erasure.copy_removed', 'erasure.copy_removed#3', 'erasure.removed'])(
  'the hub dies at %s: after the restart the erasure ends the same', async (point) => {
    const customer = house.customer();
    const contactId = await talksOfWalnuts(house, customer);
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
