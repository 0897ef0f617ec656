import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { contactOf, erase, erasureStands, tablesWith } from '../harness/erasure.js';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

/** Whether Twilio still has it. */
async function atTwilio(path: string): Promise<number> {
  const { sid, authToken } = house.account;
  const authorization = `Basic ${Buffer.from(`${sid}:${authToken}`).toString('base64')}`;
  return (await fetch(`${house.twilioOrigin}/2010-04-01/Accounts/${sid}/${path}.json`, { headers: { authorization, 'X-Twilio-Host': 'api.twilio.com' } })).status;
}

test('who is erased is erased with what they said on the phone and on voicemail: here, in the files, and at Twilio', async () => {
  const customer = house.customer();
  const call = customer.calls();
  await call.hears(/How can I help you/);
  house.model.next({ callTool: { name: 'hand_off', arguments: { reason: 'They ask about walnuts.', message: 'A colleague will look at it.' } } });
  await call.says('I want to speak to a person about walnuts, please.');
  await call.hearsBeep();
  await call.says('This is about the walnuts in my cake, please call back.');
  await house.forward('10s');
  await call.isOver();
  await house.forward('4m');
  await house.expectQuiet();
  const [{ recording }] = (await house.database.query('select recording_sid as recording from voicemails')) as [{ recording: string }];
  const contactId = await contactOf(house, customer);
  const copy = await house.api<Record<string, unknown[]>>(`/contacts/${contactId}/export`);
  expect([copy['calls']!.length, copy['voicemails']!.length, house.keptFiles.length]).toEqual([1, 1, 1]);
  for (const path of [`Calls/${call.callSid}`, `Recordings/${recording}`]) expect([path, await atTwilio(path)]).toEqual([path, 200]);

  await erase(house, contactId);
  await erasureStands(house, contactId, 'silenced');
  await house.forward('3m');
  expect(await erasureStands(house, contactId, 'done')).toMatchObject({ remains: { left: {} } });
  for (const text of [customer.address, 'walnut']) expect([text, await tablesWith(house, text)]).toEqual([text, []]);
  for (const path of [`Calls/${call.callSid}`, `Recordings/${recording}`]) expect([path, await atTwilio(path)]).toEqual([path, 404]);
  expect(house.keptFiles).toEqual([]);
  await house.expectQuiet();
});
