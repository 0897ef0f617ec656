import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

test('a number that may send one text a second sends a burst at that pace, and loses none', async () => {
  house.model.use([{ say: 'Yes.' }]);
  const first = house.customer();
  first.texts('Are you there?');
  await first.expectsSms(/^Yes/);
  const { items: [sender] } = await house.api<{ items: { id: string }[] }>('/senders');
  await house.api(`/senders/${sender!.id}`, { method: 'PATCH', body: { messagesPerSecond: 1 } });
  await house.forward('10s');

  const customers = Array.from({ length: 6 }, () => house.customer());
  for (const customer of customers) customer.texts('Are you there?');
  await Promise.all(customers.map((customer) => customer.expectsSms(/^Yes/)));
  await house.expectQuiet();
  const claims = await house.database.query<{ at: Date }>(
    'select claimed_at as at from deliveries where address = any($1) order by claimed_at', [customers.map((customer) => customer.address)],
  );
  const sinceFirst = claims.map(({ at }) => at.getTime() - claims[0]!.at.getTime());
  expect(sinceFirst).toHaveLength(6);
  // Three may have been saved up; each further one waits for another second. The column's precision takes some milliseconds.
  for (const waited of [1, 2, 3]) expect(sinceFirst[2 + waited]).toBeGreaterThan(waited * 1_000 - 20);
});
