import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

/** `21:00`, so many hours from now, in UTC. The number of the customer tells no zone, so the tenant's holds. */
const inHours = (hours: number): string => new Date(house.twilio.now().getTime() + hours * 3_600_000).toISOString().slice(11, 16);

test('a reply that comes a day late waits for the end of the quiet hours, with the cause in the thread, and then goes out', async () => {
  await house.api('/tenant', { method: 'PATCH', body: { settings: { quietHours: { from: inHours(-2), to: inHours(3) } } } });
  const customer = house.customer();
  house.model.next({ callTool: { name: 'hand_off', arguments: { reason: 'asks for a person', message: 'I am fetching a colleague.' } } });
  customer.texts('May I speak to somebody?');
  await customer.expectsSms(/fetching a colleague/);
  house.model.next({ say: 'Nobody could take this. May I help?' });
  await house.forward('24h');
  const waiting = await house.thread.stands(customer, 'retry_wait');
  expect(waiting).toMatchObject({ body: 'Nobody could take this. May I help?', errorMeaning: expect.stringMatching(/^Quiet hours from/) });
  expect(customer.unexpected()).toEqual([]);
  house.model.next({ say: 'Yes, we open at eight.' });
  customer.texts('I cannot sleep. Do you open at eight?');
  await customer.expectsSms(/we open at eight/);
  await house.forward('4h');
  await customer.expectsSms(/May I help/);
  await house.expectQuiet();
});

test('hours that are no times of day are refused by name', async () => {
  const answer = await house.call('/tenant', { method: 'PATCH', body: { settings: { quietHours: { from: '9pm', to: '24:00' } } } });
  const { errors } = (await answer.json()) as { errors: { path: string }[] };
  expect([answer.status, errors.map(({ path }) => path).sort()]).toEqual([400, ['settings.quietHours.from', 'settings.quietHours.to']]);
  await house.expectQuiet();
});
