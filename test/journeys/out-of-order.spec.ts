import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse({ environment: { TURN_QUIET_MS: '1000' } });
});
afterAll(() => house.close());

test('three texts whose webhooks come as third, first, second are each there once, and one reply has seen them all', async () => {
  const customer = house.customer();
  house.twilio.fault({ kind: 'webhook-reordered', order: [2, 0, 1], match: { event: 'messaging' } });
  for (const text of ['My first words.', 'My second words.', 'My third words.']) customer.texts(text);
  await customer.expectsSms(/./);
  await house.expectQuiet();

  const lines = await house.thread.lines(customer);
  expect(lines.slice(0, 3).sort()).toEqual(['in: My first words.', 'in: My second words.', 'in: My third words.']);
  expect(lines).toHaveLength(4);
  const shown = house.model.turns().at(-1)!.body.messages.filter((message) => message.role === 'user').map((message) => message.content);
  expect(shown.sort()).toEqual(['My first words.', 'My second words.', 'My third words.']);
});
