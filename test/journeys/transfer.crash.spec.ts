import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { asksForSomebody } from '../harness/asking.js';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse({ voiceFallback: true });
});
afterAll(() => house.close());

test.each([
  'place.claimed', 'place.placed',
])('the hub dies at %s: the specialist is called once, and the caller speaks with them', async (point) => {
  const [lee] = await house.specialists(['Dr. Lee'], { ringSeconds: 60 });
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

test('the hub dies as the caller comes to wait, and nobody is there when Twilio asks again: the document that Twilio keeps brings them back to waiting', async () => {
  const [lee] = await house.specialists(['Dr. Lee'], { ringSeconds: 60 });
  house.diesAt('transfer.decided');
  const [customer, call] = await asksForSomebody(house);
  await house.comesBack();
  await house.forward('31s');
  await lee!.accepts();
  await house.thread.belongsTo(customer, 'specialist');
  call.hangsUp();
  await house.expectQuiet();
});

test.each([['they pick up', 'transfer.decided#3'], ['they press 1', 'transfer.decided#4']])('the hub dies as %s, and their call with it: the caller waits on, and the next one is called', async (_, point) => {
  const [lee, chen] = await house.specialists(['Dr. Lee', 'Dr. Chen'], { ringSeconds: 60 });
  house.diesAt(point);
  const [customer, call] = await asksForSomebody(house);
  const leg = await lee!.rings();
  house.twilio.answer(leg.callSid);
  if (point.endsWith('#4')) await leg.hears(/Press 1/).then(() => leg.presses('1'));
  await house.comesBack();
  await house.forward('21s');
  await chen!.accepts();
  await house.thread.belongsTo(customer, 'specialist');
  call.hangsUp();
  await house.expectQuiet();
});
