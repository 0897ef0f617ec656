import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

test('a customer texts and is answered, and the Conversation holds the same thread', async () => {
  const customer = house.customer();
  customer.texts('What are your opening hours?');
  const reply = await customer.expectsSms(/open Monday to Friday/);
  await house.expectQuiet();

  expect(await house.thread.lines(customer)).toEqual(['in: What are your opening hours?', `out: ${reply}`]);
  expect(await house.thread.mirrored(customer)).toEqual([`sms:${customer.address}: What are your opening hours?`, `assistant: ${reply}`]);
  expect((await house.thread.messages(customer)).map((message) => message.status)).toEqual(['received', 'delivered']);
});

test('the second question is answered with the first one in mind', async () => {
  const customer = house.customer();
  customer.texts('Hi, my name is Dana.');
  await customer.expectsSms(/./);
  customer.texts('What is my name?');
  await customer.expectsSms(/Dana/);
  await house.expectQuiet();
});
