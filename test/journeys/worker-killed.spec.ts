import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse({ split: true });
});
afterAll(() => house.close());

test('the worker is killed while the assistant thinks: its successor thinks again, and there is one reply', async () => {
  const customer = house.customer();
  house.model.next({ delayMs: 60_000 });
  customer.texts('What are your opening hours?');
  await house.model.received(1);
  await house.kill('worker');
  await house.start();
  await house.forward('2m');
  await customer.expectsSms(/open Monday to Friday/);
  await house.expectQuiet();
  expect(await house.thread.lines(customer)).toHaveLength(2);
});

test('while no worker runs, texts are taken in and acknowledged; the next one answers them', async () => {
  const customers = [house.customer(), house.customer(), house.customer()];
  await house.kill('worker');
  const before = house.twilio.webhooks().length;
  for (const customer of customers) customer.texts('What are your opening hours?');
  await house.twilio.idle();
  expect(house.twilio.webhooks(before).slice(-3).map((webhook) => webhook.status)).toEqual([200, 200, 200]);
  await house.start();
  for (const customer of customers) await customer.expectsSms(/open Monday to Friday/);
  await house.expectQuiet();
});
