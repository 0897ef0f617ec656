import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Caller } from '../harness/caller.js';
import type { Customer } from '../harness/customer.js';
import { type House, openHouse } from '../harness/house.js';
import { haveMet, type OnCall, onCallPeople } from '../harness/oncall.js';

let house: House;
beforeAll(async () => {
  house = await openHouse({ voiceFallback: true });
});
afterAll(() => house.close());

/** Somebody on the phone who needs help now, and Ada, who is told of it. */
async function emergency(): Promise<{ ada: OnCall; customer: Customer; call: Caller }> {
  const [ada] = await onCallPeople(house, ['Ada']);
  const customer = house.customer();
  const call = customer.calls();
  await call.hears(/How can I help you/);
  house.model.next({ afterTool: 'raise_emergency', say: 'Somebody on call is being reached right now.' });
  await call.says('Help, I can not breathe');
  await call.hearsAllOf(/is being reached/);
  await ada!.isTexted();
  return { ada: ada!, customer, call };
}

test('a caller who stays on the line hears who is on it and is joined with them; the call belongs to their conversation', async () => {
  const { ada, customer, call } = await emergency();
  const { call: phone, key } = await ada.takes();
  await call.hears(/Ada is on it\. You may stay on the line/);
  await phone.presses(key);
  await call.hears(/Ada is here for you now/);
  await phone.says('Breathe slowly, help is on the way.');
  await call.hearsPerson(/Breathe slowly/);
  await call.says('Thank you');
  await phone.hearsPerson(/Thank you/);
  await house.thread.belongsTo(customer, 'staff');
  call.hangsUp();
  await phone.hears(/The call is over/);
  await house.expectQuiet();
  expect((await house.thread.lines(customer)).join('\n')).toMatch(/Ada took over[^]*Ada spoke with them on the phone, 1 min\./);
});

test('the hub dies as it fetches the caller: it starts again, and the two speak', async () => {
  const { ada, customer, call } = await emergency();
  const { call: phone, key } = await ada.takes();
  await call.hearsAllOf(/Ada is on it/);
  house.diesAt('callback.moving');
  await phone.presses(key);
  await house.comesBack();
  await house.forward('11s');
  // Her call may have died with the hub: then she is called once more.
  await ada.picksUpAgainUntil('the caller to be in the room', () => call.words().some((words) => /Ada is here for you/.test(words)) || undefined);
  await ada.picksUpAgainUntil('the two to meet', () => haveMet(house, customer));
  await house.thread.belongsTo(customer, 'staff');
  call.hangsUp();
  await ada.isLeftAlone();
  await house.expectQuiet();
});

test('the hub dies as it calls the person back: their phone rings once', async () => {
  const { ada, customer, call } = await emergency();
  const { call: phone, key } = await ada.takes();
  await call.hearsAllOf(/Ada is on it/);
  call.hangsUp();
  house.diesAt('place.placed');
  const pressedAt = Date.now();
  await phone.presses(key);
  await house.comesBack();
  // The claim is let go after 20 s, their phone rings for 40: what a slow machine took to come back is part of them.
  await house.forward(`${Math.max(1, 21_000 - (Date.now() - pressedAt))}ms`);
  const ringing = (): string | undefined => customer.phone.calls().find(({ status }) => status === 'ringing')?.callSid;
  house.twilio.answer(await ada.picksUpAgainUntil('the person’s phone to ring', ringing));
  await ada.picksUpAgainUntil('the two to meet', () => haveMet(house, customer));
  house.twilio.hangUp(customer.phone.calls()[0]!.callSid);
  await ada.isLeftAlone();
  await house.expectQuiet();
  expect(customer.phone.calls()).toHaveLength(1);
});

test('a reply with CALL has their phone called, whose voicemail speaks with nobody; a colleague who has it not is told so', async () => {
  const [ada, ben] = await onCallPeople(house, ['Ada', 'Ben'], 30);
  const caller = house.customer();
  await house.api('/incidents', { method: 'POST', body: { reason: 'A flood', callback: caller.address } });
  const { code } = await ada!.isTexted();
  await house.forward('31s');
  await ben!.isTexted();
  ada!.sms.texts(`CALL ${code}`);
  await ada!.sms.expectsSms(/Nobody has taken .* yet/);
  ada!.sms.texts(code);
  await ada!.sms.expectsSms(/reply CALL/);
  await ben!.sms.expectsSms(/Ada has taken/);
  ben!.sms.texts(`CALL ${code}`);
  await ben!.sms.expectsSms(/Ada has taken/);
  await Promise.all([ada!.isLeftAlone(), ben!.isLeftAlone()]);
  ada!.sms.texts(`Call ${code}`);
  const phone = await ada!.rings();
  house.twilio.answer(phone.callSid);
  for (const _ of [1, 2]) await phone.hearsAllOf(/to be connected now/).then(() => house.forward('9s'));
  await phone.hears(/No key was pressed/);
  await house.expectQuiet();
  expect(caller.phone.calls()).toEqual([]);
});
