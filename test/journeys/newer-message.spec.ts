import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

test('a text that comes while the assistant thinks restarts the thinking with both: one reply, and none to the first alone', async () => {
  const customer = house.customer();
  const asked = house.model.requests().length;
  house.model.next({ delayMs: 60_000, say: 'This is about the first text alone.' });
  customer.texts('What are your opening hours?');
  await house.model.received(asked + 1);
  house.model.next({ say: 'This is about both texts.' });
  customer.texts('I mean on Saturday.');
  await customer.expectsSms(/about both texts/);
  await house.expectQuiet();

  const shown = house.model.turns().at(-1)!.body.messages.filter((message) => message.role === 'user').map((message) => message.content);
  expect(shown).toEqual(['What are your opening hours?', 'I mean on Saturday.']);
  expect(house.model.turns().at(-2)!.outcome).toBe('abandoned');
});

test('words that were finished just as a newer text came in are not sent: the newer turn says it all', async () => {
  const customer = house.customer();
  customer.texts('Hello');
  await customer.expectsSms(/./);
  const seen = house.model.turns().length;
  // The answer ends within the second in which nobody looks for newer messages; only the record can refuse it.
  house.model.next(async () => {
    customer.texts('And on Sunday?');
    await house.thread.has(customer, 'in: And on Sunday?');
    return [{ say: 'Too late.' }];
  });
  house.model.next({ say: 'On Saturday until noon, on Sunday not at all.' });
  customer.texts('Are you open on Saturday?');
  await customer.expectsSms(/^On Saturday until noon/);
  await house.expectQuiet();
  expect(house.model.turns().length - seen).toBe(2);
});
