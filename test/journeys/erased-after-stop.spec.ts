import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Customer } from '../harness/customer.js';
import { contactOf, erase, erasureStands } from '../harness/erasure.js';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const posts = (customer: Customer): unknown[] => house.twilio.requests().filter((request) => request.method === 'POST' && request.params['To'] === customer.address);

async function beginsToErase(customer: Customer): Promise<string> {
  const contactId = await contactOf(house, customer);
  await erase(house, contactId);
  await erasureStands(house, contactId, 'silenced');
  return contactId;
}

test('a STOP outlives its contact: who is erased and writes again is not answered before START', async () => {
  const customer = house.customer();
  customer.texts('STOP');
  await customer.expectsSms(/successfully been unsubscribed/);
  await house.settle();
  const contactId = await beginsToErase(customer);
  await house.forward('3m');
  expect((await erasureStands(house, contactId, 'done')).counts).toMatchObject({ consents: 0, consentsKeptAsDigest: 1 });
  customer.texts('What are your opening hours?');
  await house.thread.stands(customer, 'suppressed');
  await house.settle();
  expect(posts(customer)).toEqual([]);
  customer.texts('START');
  await customer.expectsSms(/re-subscribed/);
  await house.thread.has(customer, 'in: START');
  customer.texts('What are your opening hours?');
  await customer.expectsSms(/open Monday to Friday/);
  await house.expectQuiet();
});
