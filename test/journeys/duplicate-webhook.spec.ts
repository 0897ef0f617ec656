import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';
import { post } from '../harness/webhook.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

test('a stranger\'s webhook that comes five times at once is one message, one turn and one reply', async () => {
  const customer = house.customer();
  const asked = house.model.turns().length;
  house.twilio.fault({ kind: 'webhook-duplicate', copies: 5, match: { event: 'messaging' } });
  customer.texts('What are your opening hours?');
  await customer.expectsSms(/open Monday to Friday/);
  await house.expectQuiet();
  expect(await house.thread.lines(customer)).toHaveLength(2);
  expect(house.model.turns()).toHaveLength(asked + 1);
});

test('so is the webhook of somebody we know, and every copy gets the same answer', async () => {
  const customer = house.customer();
  customer.texts('Hello');
  await customer.expectsSms(/./);
  house.twilio.fault({ kind: 'webhook-duplicate', copies: 5, match: { event: 'messaging' } });
  const sid = customer.texts('What are your opening hours?');
  await customer.expectsSms(/open Monday to Friday/);
  await house.expectQuiet();
  const sent = house.twilio.webhooks().filter((webhook) => webhook.params['MessageSid'] === sid);
  expect(sent.map((webhook) => webhook.status)).toEqual([200, 200, 200, 200, 200]);
  expect(await house.thread.lines(customer)).toHaveLength(4);
});

test('a webhook recorded and replayed, an hour or a day later, changes nothing', async () => {
  const customer = house.customer();
  const sid = customer.texts('What are your opening hours?');
  await customer.expectsSms(/open Monday to Friday/);
  const recorded = house.twilio.webhooks().find((webhook) => webhook.params['MessageSid'] === sid)!;
  expect(await post(recorded)).toBe(200);
  await house.forward('24h');
  expect(await Promise.all([post(recorded), post(recorded)])).toEqual([200, 200]);
  await house.expectQuiet();
  expect(await house.thread.lines(customer)).toHaveLength(2);
});
