import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { FRONT_DESK, type House, openHouse } from '../harness/house.js';
import { onCallPeople, reachedBy } from '../harness/oncall.js';
import { hasTemplate } from '../harness/whatsapp.js';

interface Log {
  incident: { acknowledgedBy: string | null; acknowledgedVia: string | null };
  attempts: { name: string; channel: string; says: string; state: string; carries: string[] | null; privacyVersion: number | null }[];
}

let house: House;
beforeAll(async () => {
  house = await openHouse({ mail: true });
  await hasTemplate(house);
  await house.api('/senders', { method: 'POST', body: { channel: 'whatsapp', address: FRONT_DESK } });
});
afterAll(() => house.close());

const report = (body: object = {}): Promise<{ id: string; code: string }> => house.api('/incidents', { method: 'POST', body: { reason: 'Water in the server room', ...body } });
const log = (id: string): Promise<Log> => house.api(`/incidents/${id}`);
const fates = async (id: string): Promise<string[]> => (await log(id)).attempts.map(({ name, says, channel, state }) => `${name} ${says} ${channel} ${state}`).sort();

test('by WhatsApp inside the approved template, and by mail; a reply on WhatsApp takes it, and is answered in free text', async () => {
  const [phone, mail] = [house.customer('whatsapp:+15574450001', `whatsapp:${FRONT_DESK}`), house.correspondent('ada@clinic.test')];
  await reachedBy(house, 'Ada', [{ channel: 'whatsapp', address: '+15574450001' }, { channel: 'email', address: 'Ada@clinic.test' }], ['whatsapp', 'email']);
  const { id, code } = await report({ callback: '+15551230007' });
  expect(await phone.expectsSms(/^Hi Ada, here is our answer: .*urgent case\. Call back \+15551230007\. Code \d{4}.*Write to us to go on\.$/)).not.toMatch(/Water/);
  const { subject, text, headers } = await mail.expectsMail(/urgent case\. Call back \+15551230007/);
  expect([subject, headers['auto-submitted'], text]).toEqual([expect.stringContaining(`Urgent case ${code}`), 'auto-generated', expect.stringMatching(/http\S+\/a\/[\w-]+/)]);
  phone.texts('Who is it?');
  await phone.expectsSms(/To take it, reply with/);
  phone.texts(`${code} on my way`);
  await phone.expectsSms(/You have \d{4}.*Call back/);
  await house.expectQuiet();
  expect(await fates(id)).toEqual(['Ada alert email sent', 'Ada alert whatsapp acknowledged', 'Ada help whatsapp delivered', 'Ada yours whatsapp delivered']);
});

test('a mail takes it only when its server vouches for who wrote it; a program takes nothing, and gets no answer', async () => {
  const mail = house.correspondent('ben@clinic.test');
  const messages = (): Promise<object[]> => house.database.query('select id from messages order by id');
  const before = await messages();
  await reachedBy(house, 'Ben', [{ channel: 'email', address: 'ben@clinic.test' }], ['email']);
  const { id, code } = await report();
  await mail.expectsMail(/urgent case/);
  await mail.writes(`${code} I am away until Monday`, { headers: { 'Auto-Submitted': 'auto-replied' } });
  await mail.writes(code, { proof: 'fail' });
  await mail.expectsMail(/To take it, open the link/);
  expect((await log(id)).incident.acknowledgedBy).toBeNull();
  await mail.writes(code);
  await mail.expectsMail(/You have \d{4}/);
  expect((await log(id)).incident).toMatchObject({ acknowledgedBy: 'Ben', acknowledgedVia: 'reply' });
  await house.expectQuiet();
  expect(await messages()).toEqual(before);
});

test('whoever dies when the mail server has a mail sends it no second time: that nobody knows is noted, and they are reached some other way', async () => {
  const [mail, phone] = [house.correspondent('cleo@clinic.test'), house.customer('+15574450003')];
  await reachedBy(house, 'Cleo', [{ channel: 'email', address: 'cleo@clinic.test' }, { channel: 'sms', address: '+15574450003' }], ['email']);
  // Nobody vouches for mails that come in there any more: a reply could take nothing.
  const { items: [mailbox] } = await house.api<{ items: { id: string }[] }>('/mailboxes');
  await house.api(`/mailboxes/${mailbox!.id}`, { method: 'PATCH', body: { authservId: null } });
  house.diesAt('alert.sent');
  const { id, code } = await report();
  await mail.expectsMail(/urgent case\. Code \d{4}\. To take this, open http/);
  await house.comesBack();
  await house.forward('61s');
  await phone.expectsSms(/urgent case/);
  phone.texts(code);
  await phone.expectsSms(/You have/);
  await house.expectQuiet();
  expect(await fates(id)).toEqual(['Cleo alert email failed', 'Cleo alert sms acknowledged', 'Cleo yours sms delivered']);
});

test('an alert says what the tenant lets it say on its channel, and notes that; nothing that a phone would open', async () => {
  const [dan] = await onCallPeople(house, ['Dan']);
  const allowed = { voice: ['callback', 'code', 'urgency'], sms: ['code', 'reason', 'urgency'], whatsapp: [], email: [] };
  expect(await house.api('/alert-privacy', { method: 'PUT', body: { version: 0, allowed, reason: 'They ask who it is', by: 'Dana' } })).toMatchObject({ version: 1 });
  expect((await house.call('/alert-privacy', { method: 'PUT', body: { version: 0, allowed, reason: 'Again' } })).status).toBe(409);
  const { id, code } = await report({ reason: 'Chest pain, see https://evil.test', callback: '+15551230008', urgency: 4 });
  const { body, link } = await dan!.isTexted();
  expect(body).toMatch(/^Riverside Clinic: urgent case\. Urgency 4 of 5\. “Chest pain, see …”\. Code \d{4}: reply/);
  expect(await (await fetch(link)).text()).not.toContain('+15551230008');
  const { call } = await dan!.answers();
  await call.hearsAllOf(/Urgency 4 of 5/);
  dan!.sms.texts(code);
  await dan!.sms.expectsSms(/^Riverside Clinic: You have \d{4}\. The others are told\.$/);
  await dan!.isLeftAlone();
  await house.expectQuiet();
  expect((await log(id)).attempts.filter(({ says }) => says === 'alert').map(({ channel, carries, privacyVersion }) => [channel, carries, privacyVersion]).sort()).toEqual([
    ['sms', ['code', 'urgency', 'reason'], 1], ['voice', ['code', 'callback', 'urgency'], 1],
  ]);
  const { items } = await house.api<{ items: { cause: string }[] }>('/alert-privacy/changes');
  expect(items.map(({ cause }) => cause)).toEqual(['voice +urgency; sms +urgency +reason −callback; whatsapp −code −callback; email −code −callback, because: They ask who it is, by Dana']);
});
