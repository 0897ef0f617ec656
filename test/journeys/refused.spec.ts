import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

test.each([
  ['rejected:21211', 'failed', 21211],
  ['failed:30005', 'failed', 30005],
  ['undelivered:30003', 'undelivered', 30003],
] as const)('a phone with %s: the thread says %s with the code, and nothing is tried again', async (outcome, status, code) => {
  const customer = house.customer().hasPhone(outcome);
  customer.texts('What are your opening hours?');
  expect(await house.thread.stands(customer, status)).toMatchObject({ errorCode: code });
  await house.forward('1h');
  await house.expectQuiet();
  expect(house.twilio.requests().filter((request) => request.method === 'POST' && request.params['To'] === customer.address)).toHaveLength(1);
});

test('the assistant knows which of its words never arrived', async () => {
  const customer = house.customer().hasPhone('undelivered:30003');
  customer.texts('What are your opening hours?');
  await house.thread.stands(customer, 'undelivered');
  customer.hasPhone('delivered').texts('Hello?');
  await customer.expectsSms(/./);
  await house.expectQuiet();
  expect(JSON.stringify(house.model.turns().at(-1)!.body.messages)).toContain('did not reach the customer');
});

test('a text that the carrier gives back for now is sent anew a minute later, and arrives once', async () => {
  const customer = house.customer().hasPhone('undelivered:30022');
  customer.texts('What are your opening hours?');
  expect(await house.thread.stands(customer, 'retry_wait')).toMatchObject({ errorCode: 30022 });
  customer.hasPhone('delivered');
  await house.forward('2m');
  await customer.expectsSms(/open Monday to Friday/);
  await house.thread.stands(customer, 'delivered');
  await house.expectQuiet();
});

test('people are asked to look after a reply that did not arrive', async () => {
  const customer = house.customer().hasPhone('undelivered:30003');
  customer.texts('What are your opening hours?');
  await house.thread.stands(customer, 'undelivered');
  await house.thread.belongsTo(customer, 'queued');
  await house.expectQuiet();
});
