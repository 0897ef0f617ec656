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
  const start = house.twilio.requests().length;
  for (const customer of customers) customer.texts('Are you there?');
  await Promise.all(customers.map((customer) => customer.expectsSms(/^Yes/)));
  await house.expectQuiet();
  const sent = house.twilio.requests().slice(start).filter((request) => request.method === 'POST' && request.path.endsWith('/Messages.json'));
  const moments = sent.map((request) => Date.parse(request.at));
  expect(moments).toHaveLength(6);
  // Three may have been saved up; the other three come a second apart.
  for (const [earlier, later] of [[2, 3], [3, 4], [4, 5]] as const) expect(moments[later]! - moments[earlier]!).toBeGreaterThan(600);
});
