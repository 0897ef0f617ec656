import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

test('a text whose webhook never came is fetched from Twilio and answered once', async () => {
  const customer = house.customer();
  customer.texts('Hello, are you open today?');
  await customer.expectsSms(/./);
  house.twilio.fault({ kind: 'webhook-lost', match: { event: 'messaging' } });
  customer.texts('What are your opening hours?');
  await house.forward('6m');
  await customer.expectsSms(/open Monday to Friday/);
  await house.forward('6m');
  await house.expectQuiet();
  expect((await house.thread.lines(customer)).filter((line) => line.startsWith('in: What are'))).toHaveLength(1);
});

test('texts that came while the hub was down are answered once it is up', async () => {
  const [one, two] = [house.customer(), house.customer()];
  await house.kill('web');
  one.texts('What are your opening hours?');
  two.texts('What are your opening hours on Saturday?');
  await house.start();
  await house.forward('6m');
  await one.expectsSms(/open/i);
  await two.expectsSms(/./);
  await house.expectQuiet();
});
