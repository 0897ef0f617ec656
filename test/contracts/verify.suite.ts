import { expect, test } from '@jest/globals';
import { ACCOUNT, ANNA, BORIS, control, house, refusal } from './contract-house.js';

const v2 = () => house().client.verify.v2;
const serviceOf = async (more: object = {}) => v2().services.create({ friendlyName: 'Elm Clinic', ...more });
/** What the person reads off the phone. */
const codeOn = (address: string): string => /is: (\w+)$/.exec(control().phone(address).messages.at(-1)!.body)![1]!;
const wrong = (code: string): string => (code === '000000' ? '111111' : '000000');

test('a service is made, found, changed, listed and deleted; its name may hold no code', async () => {
  const made = await serviceOf();
  expect(made).toMatchObject({ accountSid: ACCOUNT, friendlyName: 'Elm Clinic', codeLength: 6 });
  expect((await v2().services(made.sid).update({ codeLength: 8 })).codeLength).toBe(8);
  expect((await v2().services.list()).map((one) => one.sid)).toEqual([made.sid]);
  for (const bad of [{ friendlyName: 'Call 12345' }, { friendlyName: 'x'.repeat(33) }, { codeLength: 3 }]) {
    expect(await refusal(serviceOf(bad))).toMatchObject({ status: 400, code: 60200 });
  }
  expect(await v2().services(made.sid).remove()).toBe(true);
  expect(await refusal(v2().services(made.sid).fetch())).toMatchObject({ status: 404, code: 20404 });
});

test('a code is sent to the phone, and the right one is good once', async () => {
  const service = v2().services((await serviceOf()).sid);
  const started = await service.verifications.create({ to: ANNA, channel: 'sms' });
  expect(started).toMatchObject({ to: ANNA, channel: 'sms', status: 'pending', valid: false, sendCodeAttempts: [{ channel: 'SMS' }] });
  await control().idle();
  const code = codeOn(ANNA);
  expect(code).toMatch(/^\d{6}$/);
  expect(await service.verificationChecks.create({ to: ANNA, code: wrong(code) })).toMatchObject({ status: 'pending', valid: false });
  expect(await service.verificationChecks.create({ to: ANNA, code })).toMatchObject({ sid: started.sid, status: 'approved', valid: true });
  expect(await refusal(service.verificationChecks.create({ to: ANNA, code }))).toMatchObject({ status: 404, code: 20404 });
  expect((await service.verifications(started.sid).fetch()).status).toBe('approved');
  expect(await refusal(service.verifications(ANNA).fetch())).toMatchObject({ status: 404, code: 20404 });
  expect(await house().client.messages.list({ to: ANNA })).toEqual([]);
});

test('on WhatsApp the code comes there', async () => {
  const service = v2().services((await serviceOf()).sid);
  await service.verifications.create({ to: ANNA, channel: 'whatsapp' });
  await control().idle();
  expect(await service.verificationChecks.create({ to: ANNA, code: codeOn(`whatsapp:${ANNA}`) })).toMatchObject({ status: 'approved', channel: 'whatsapp' });
});

test('in a call the code is said, and the call is in no list of ours', async () => {
  const service = v2().services((await serviceOf()).sid);
  control().answering(ANNA, { how: 'answers' });
  expect(await service.verifications.create({ to: ANNA, channel: 'call' })).toMatchObject({ channel: 'call', status: 'pending' });
  await control().idle();
  const [call] = control().calls(ANNA);
  const [said, ...again] = control().heard(call!.callSid).filter(({ kind }) => kind === 'say').map(({ text }) => text);
  expect([said, again]).toEqual([expect.stringMatching(/^Your Elm Clinic verification code is: (\d\. ){5}\d\.$/), [said]]);
  expect(await service.verificationChecks.create({ to: ANNA, code: said!.replace(/\D/g, '') })).toMatchObject({ status: 'approved', channel: 'call' });
  expect(await house().client.calls.list({ to: ANNA })).toEqual([]);
});

test('the same code is sent again, five times; it is tried five times; after ten minutes it is over', async () => {
  const service = v2().services((await serviceOf()).sid);
  const first = await service.verifications.create({ to: ANNA, channel: 'sms' });
  const code = codeOn(ANNA);
  for (let n = 2; n <= 5; n++) expect((await service.verifications.create({ to: ANNA, channel: 'sms' })).sid).toBe(first.sid);
  expect(codeOn(ANNA)).toBe(code);
  expect(await refusal(service.verifications.create({ to: ANNA, channel: 'sms' }))).toMatchObject({ status: 429, code: 60203 });
  for (let n = 1; n <= 5; n++) await service.verificationChecks.create({ to: ANNA, code: wrong(code) });
  expect(await refusal(service.verificationChecks.create({ to: ANNA, code }))).toMatchObject({ status: 429, code: 60202 });
  control().forward('10m');
  expect(await refusal(service.verificationChecks.create({ to: ANNA, code }))).toMatchObject({ status: 404, code: 20404 });
  expect((await service.verifications(first.sid).fetch()).status).toBe('expired');
  expect((await service.verifications.create({ to: ANNA, channel: 'sms' })).sid).not.toBe(first.sid);
});

test('it may be approved or canceled without a code', async () => {
  const service = v2().services((await serviceOf()).sid);
  const one = await service.verifications.create({ to: ANNA, channel: 'sms' });
  expect((await service.verifications(one.sid).update({ status: 'canceled' })).status).toBe('canceled');
  const other = await service.verifications.create({ to: ANNA, channel: 'sms' });
  expect(other.sid).not.toBe(one.sid);
  expect((await service.verifications(ANNA).update({ status: 'approved' })).sid).toBe(other.sid);
  expect(await refusal(service.verifications(one.sid).update({ status: 'approved' }))).toMatchObject({ status: 404 });
});

test('codes of our own, numbers that are none, channels that are off, and phones that take none', async () => {
  const plain = v2().services((await serviceOf()).sid);
  const custom = v2().services((await serviceOf({ customCodeEnabled: true })).sid);
  expect(await refusal(plain.verifications.create({ to: ANNA, channel: 'sms', customCode: '4711' }))).toMatchObject({ status: 403, code: 60204 });
  await custom.verifications.create({ to: ANNA, channel: 'sms', customCode: '4711' });
  expect((await custom.verificationChecks.create({ to: ANNA, code: '4711' })).status).toBe('approved');
  expect(await refusal(plain.verifications.create({ to: 'anna', channel: 'sms' }))).toMatchObject({ status: 400, code: 60200 });
  expect(await refusal(plain.verifications.create({ to: ANNA, channel: 'pigeon' }))).toMatchObject({ status: 400, code: 60200 });
  expect(await refusal(plain.verifications.create({ to: 'anna@example.com', channel: 'email' }))).toMatchObject({ status: 403, code: 60223 });
  control().setPhone({ address: BORIS, outcome: 'rejected:60205' });
  expect(await refusal(plain.verifications.create({ to: BORIS, channel: 'sms' }))).toMatchObject({ status: 403, code: 60205 });
  expect(await refusal(plain.verificationChecks.create({ code: '1234' }))).toMatchObject({ status: 400, code: 60200 });
});
