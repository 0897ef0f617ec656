import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { asksForSomebody } from '../harness/asking.js';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

test.each([
  'transfer.decided#2', 'place.claimed', 'place.placed',
])('the hub dies at %s: the specialist is called once, and the caller speaks with them', async (point) => {
  const [lee] = await house.specialists(['Dr. Lee']);
  const [customer, call] = await asksForSomebody(house);
  house.diesAt(point);
  // Twilio asks again while nobody is there, as it does for minutes.
  house.twilio.fault({ kind: 'webhook-late', match: { event: 'voice', url: '/answered' }, delayMs: 4_000 });
  await house.comesBack();
  await house.forward('21s');
  await lee!.accepts();
  await house.thread.belongsTo(customer, 'specialist');
  expect(lee!.calls()).toHaveLength(1);
  call.hangsUp();
  await house.expectQuiet();
});

test('the hub dies as it brings a caller back whom nobody could take: they are fetched by the next one', async () => {
  const [lee] = await house.specialists(['Dr. Lee']);
  const [, call] = await asksForSomebody(house);
  await lee!.rings();
  house.diesAt('transfer.moving');
  house.twilio.decline(lee!.calls()[0]!.callSid);
  await house.comesBack();
  await house.forward('12s');
  await call.hearsAllOf(/nobody can take your call/);
  call.hangsUp();
  await house.expectQuiet();
});
