import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const attempts = (to: string): unknown[] => house.twilio.requests().filter((request) => request.method === 'POST' && request.params['To'] === to);

test('a 429 is waited out for as long as Twilio asks, and then the text goes out once', async () => {
  const customer = house.customer();
  house.twilio.fault({ kind: '429', retryAfterS: 60, match: { method: 'POST', path: '/Messages.json' } });
  customer.texts('What are your opening hours?');
  expect(await house.thread.stands(customer, 'retry_wait')).toMatchObject({ errorCode: 20429 });
  await house.forward('50s');
  expect(attempts(customer.address)).toHaveLength(1);
  await house.forward('20s');
  await customer.expectsSms(/open Monday to Friday/);
  await house.thread.stands(customer, 'delivered');
  await house.expectQuiet();
  expect(attempts(customer.address)).toHaveLength(2);
});

test('Conversations that answer 429, 500 or not at all delay the copy and the first reply, and lose and double nothing', async () => {
  const customer = house.customer();
  for (const [kind, path] of [
    ['429', '/v1/Conversations$'], ['500-after', '/v1/Conversations$'], ['drop-answer', '/Participants$'],
    ['500-before', '/Messages$'], ['500-after', '/Messages$'], ['drop-answer', '/Messages$'],
  ] as const) house.twilio.fault({ kind, match: { method: 'POST', host: 'conversations', path } });
  customer.texts('What are your opening hours?');
  const reply = await customer.expectsSms(/open Monday to Friday/);
  await house.thread.isMirrored(customer);
  await house.expectQuiet();
  expect(house.twilio.faults()).toEqual([]);
  expect(await house.thread.mirrored(customer)).toEqual([`sms:${customer.address}: What are your opening hours?`, `assistant: ${reply}`]);
});
