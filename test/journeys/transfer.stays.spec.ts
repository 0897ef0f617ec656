import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Caller } from '../harness/caller.js';
import type { Customer } from '../harness/customer.js';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse({ split: true });
});
afterAll(() => house.close());

/** Somebody asks for a person, and the assistant stays with them meanwhile. */
async function asks(): Promise<[Customer, Caller]> {
  const customer = house.customer();
  const call = customer.calls();
  await call.hears(/How can I help you/);
  house.model.next({ callTool: { name: 'transfer_to_specialist', arguments: { reason: 'They want to speak with a doctor.' } } });
  house.model.next({ say: 'I am calling a doctor for you.' });
  await call.says('I want to speak with a doctor.');
  await call.hearsAllOf(/calling a doctor/);
  return [customer, call];
}

test('the assistant stays with the caller until somebody accepts, and only then are they put through', async () => {
  const [lee] = await house.specialists(['Dr. Lee'], { style: 'stay' });
  const [customer, call] = await asks();
  const leg = await lee!.answers();
  house.model.next({ say: 'We open at eight.' });
  await call.says('When do you open, by the way?');
  await call.hearsAllOf(/open at eight/);
  await leg.presses('1');
  await call.hears(/Somebody is there for you/);
  await house.thread.belongsTo(customer, 'specialist');
  await leg.says('Hello, this is Dr. Lee.');
  await call.hearsPerson(/this is Dr\. Lee/);
  leg.hangsUp();
  await call.hearsAllOf(/Is there anything else/);
  call.hangsUp();
  await house.expectQuiet();
});

test('nobody accepts: a caller who waits in silence is told that it is tried, then how it ended, in the same session', async () => {
  await house.api('/tenant', { method: 'PATCH', body: { settings: { voice: { silenceSeconds: 2 } } } });
  const [lee] = await house.specialists(['Dr. Lee'], { style: 'stay', ringSeconds: 30, keywords: ['doctor'] });
  const [, call] = await asks();
  await lee!.rings();
  await call.hears(/still trying to reach somebody/);
  await call.hears(/still trying to reach somebody/);
  house.twilio.decline(lee!.calls()[0]!.callSid);
  await call.hearsAllOf(/nobody can take your call/);
  expect(call.words().filter((words) => /cut off/.test(words))).toEqual([]);
  call.hangsUp();
  await house.expectQuiet();
});
