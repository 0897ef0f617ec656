import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse({ environment: { TURN_QUIET_MS: '1000' } });
});
afterAll(() => house.close());

test('two first texts at the same instant make one contact and one Conversation, and one reply that has seen both', async () => {
  const customer = house.customer();
  customer.texts('What are your opening hours?');
  customer.texts('And is there parking?');
  await customer.expectsSms(/./);
  await house.expectQuiet();

  const lines = await house.thread.lines(customer);
  expect(lines.slice(0, 2).sort()).toEqual(['in: And is there parking?', 'in: What are your opening hours?']);
  expect(lines).toHaveLength(3);
  expect(house.twilio.conversations()).toHaveLength(1);
  expect(await house.database.query('select id from contacts')).toHaveLength(1);
  const shown = JSON.stringify(house.model.turns().at(-1)!.body.messages);
  expect(shown).toContain('opening hours?');
  expect(shown).toContain('parking?');
});

test('twenty new customers at once get twenty conversations, and each the answer to his own question', async () => {
  house.model.use(async (prompt) => [{ say: `You said: ${prompt.lastUserText}` }]);
  const customers = Array.from({ length: 20 }, () => house.customer());
  customers.forEach((customer, index) => customer.texts(`I am number ${index}.`));
  await Promise.all(customers.map((customer, index) => customer.expectsSms(new RegExp(`^You said: I am number ${index}\\.$`))));
  await house.expectQuiet();
  for (const [index, customer] of customers.entries()) {
    expect(await house.thread.lines(customer)).toEqual([`in: I am number ${index}.`, `out: You said: I am number ${index}.`]);
  }
});
