import { expect, test } from '@jest/globals';
import {
  ACCOUNT, ANNA, BORIS, control, FRONT_DESK, house, KEY, NIGHT_DESK, refusal, SECONDARY,
} from './contract-house.js';
import { clientAt } from './redirecting-client.js';

const send = (body: string, more: object = {}) => house().client.messages.create({
  to: ANNA, from: FRONT_DESK, body, ...more,
});
const quiet = () => control().idle();

test('an SMS is queued, sent and delivered, and each step is told to its StatusCallback', async () => {
  const { client, sink } = house();
  const message = await send('Hello Anna', { statusCallback: `${sink.origin}/status?delivery=1` });
  expect(message).toMatchObject({
    status: 'queued', direction: 'outbound-api', numSegments: '1', from: FRONT_DESK, dateSent: null,
  });
  await quiet();
  expect(sink.values('/status', 'MessageStatus')).toEqual(['sending', 'sent', 'delivered']);
  expect(sink.at('/status').every((one) => one.genuine)).toBe(true);
  expect(sink.at('/status').at(-1)?.params).toMatchObject({
    MessageSid: message.sid, SmsStatus: 'delivered', RawDlrDoneDate: expect.stringMatching(/^\d{10}$/),
  });
  const fetched = await client.messages(message.sid).fetch();
  expect(fetched).toMatchObject({ status: 'delivered', errorCode: null });
  expect(fetched.dateSent).toBeInstanceOf(Date);
  expect(control().phone(ANNA).messages).toMatchObject([{
    direction: 'received', body: 'Hello Anna', peer: FRONT_DESK,
  }]);
});

test.each([
  ['undelivered:30003', ['sending', 'sent', 'undelivered'], 30003],
  ['failed:30005', ['failed'], 30005],
  ['read', ['sending', 'sent', 'delivered'], null],
  ['silent', [], null],
])('a phone whose outcome is %s', async (outcome, statuses, code) => {
  const { client, sink } = house();
  control().setPhone({ address: ANNA, outcome });
  const { sid } = await send('Hello', { statusCallback: `${sink.origin}/status` });
  await quiet();
  expect(sink.values('/status', 'MessageStatus')).toEqual(statuses);
  expect((await client.messages(sid).fetch()).errorCode).toBe(code);
  if (code !== null) expect(sink.at('/status').at(-1)?.params.ErrorCode).toBe(String(code));
});

test('a phone that rejects is refused at once', async () => {
  control().setPhone({ address: ANNA, outcome: 'rejected:21614' });
  expect(await refusal(send('Hello'))).toMatchObject({ status: 400, code: 21614 });
});

test('what cannot be sent is refused with the code that says why', async () => {
  const { client, straight, sink } = house();
  const create = (more: object) => refusal(straight.messages.create({
    to: ANNA, from: FRONT_DESK, body: 'x', ...more,
  } as never));
  expect(await refusal(client.messages.create({ to: 'nobody', from: FRONT_DESK, body: 'x' }))).toMatchObject({
    status: 400, code: 21211,
  });
  expect(await refusal(client.messages.create({ to: ANNA, from: BORIS, body: 'x' }))).toMatchObject({
    status: 400, code: 21606,
  });
  expect(await refusal(client.messages.create({ to: ANNA, from: '0', body: 'x' }))).toMatchObject({
    status: 400, code: 21212,
  });
  expect(await refusal(client.messages.create({ to: ANNA, from: FRONT_DESK, body: 'x'.repeat(1_601) }))).toMatchObject({
    status: 400, code: 21617,
  });
  expect(await create({ to: '' })).toMatchObject({ code: 21604 });
  expect(await create({ from: undefined })).toMatchObject({ code: 21603 });
  expect(await create({ body: '' })).toMatchObject({ code: 21602 });
  expect(await create({ statusCallback: 'nowhere' })).toMatchObject({ code: 21609 });
  expect(await create({ mediaUrl: Array.from({ length: 11 }, () => 'https://example.com/a.jpg') })).toMatchObject({ code: 21623 });
  expect(sink.heard).toEqual([]);
});

test('lists are newest first, filtered and cut into pages', async () => {
  const { client } = house();
  for (const body of ['one', 'two', 'three']) await send(body);
  await client.messages.create({ to: BORIS, from: NIGHT_DESK, body: 'to Boris' });
  await quiet();
  const bodies = async (filter: object) => (await client.messages.list(filter)).map((one) => one.body);
  expect(await bodies({ to: ANNA, pageSize: 2 })).toEqual(['three', 'two', 'one']);
  expect(await bodies({ from: NIGHT_DESK })).toEqual(['to Boris']);
  const today = control().now();
  const tomorrow = new Date(today.getTime() + 24 * 3_600_000);
  expect(await bodies({ to: ANNA, dateSentAfter: tomorrow })).toEqual([]);
  expect(await bodies({ to: ANNA, dateSentBefore: tomorrow })).toHaveLength(3);
  expect(await bodies({ to: ANNA, dateSent: today })).toHaveLength(3);
  const page = await client.messages.page({ to: ANNA, pageSize: 2 });
  const next = await page.nextPage();
  expect(next?.instances.map((one) => one.body)).toEqual(['one']);
  expect((await next?.previousPage())?.instances.map((one) => one.body)).toEqual(['three', 'two']);
});

test('a message is redacted, deleted, and unknown from then on', async () => {
  const { client } = house();
  // An hour between two statuses: the message is under way for as long as nobody moves the clock.
  control().switches({ stepMs: 3_600_000 });
  const { sid } = await send('secret');
  expect(await refusal(client.messages(sid).update({ body: '' }))).toMatchObject({ code: 20009 });
  control().forward('3h');
  await quiet();
  expect((await client.messages(sid).update({ body: '' })).body).toBe('');
  expect(control().phone(ANNA).messages[0]?.body).toBe('secret');
  expect(await client.messages(sid).remove()).toBe(true);
  expect(await refusal(client.messages(sid).fetch())).toMatchObject({ status: 404, code: 20404 });
  expect(await client.messages.list({ to: ANNA })).toEqual([]);
});

test('an MMS keeps its media', async () => {
  const { client } = house();
  const message = await send('', { mediaUrl: ['http://127.0.0.1:1/a.png'] });
  expect(message).toMatchObject({ sid: expect.stringMatching(/^MM/), numMedia: '1' });
  const [medium] = await client.messages(message.sid).media.list();
  expect(medium).toMatchObject({ contentType: 'image/png', parentSid: message.sid });
  expect((await client.messages(message.sid).media(medium!.sid).fetch()).sid).toBe(medium!.sid);
  await quiet();
  expect(await client.messages(message.sid).fetch()).toMatchObject({ status: 'failed', errorCode: 11200 });
});

test('through a Messaging Service the sender is chosen later, and the service can be described and filled by REST', async () => {
  const { client, sink } = house();
  const service = await client.messaging.v1.services.create({
    friendlyName: 'Clinic', statusCallback: `${sink.origin}/service`,
  });
  expect(await refusal(client.messages.create({ to: ANNA, messagingServiceSid: service.sid, body: 'x' }))).toMatchObject({ code: 21704 });
  const [number] = await client.incomingPhoneNumbers.list({ phoneNumber: NIGHT_DESK });
  await client.messaging.v1.services(service.sid).phoneNumbers.create({ phoneNumberSid: number!.sid });
  const message = await client.messages.create({ to: ANNA, messagingServiceSid: service.sid, body: 'x' });
  expect(message).toMatchObject({ status: 'accepted', from: null, numSegments: '0' });
  await quiet();
  expect(sink.values('/service', 'MessageStatus')).toEqual(['queued', 'sending', 'sent', 'delivered']);
  expect(await client.messages(message.sid).fetch()).toMatchObject({
    from: NIGHT_DESK, numSegments: '1', messagingServiceSid: service.sid,
  });
  expect(await client.messaging.v1.services(service.sid).phoneNumbers.list()).toHaveLength(1);
  expect(await client.messaging.v1.services(service.sid).phoneNumbers(number!.sid).fetch()).toMatchObject({
    phoneNumber: NIGHT_DESK,
  });
  expect((await client.messaging.v1.services(service.sid).update({ friendlyName: 'Clinic 2' })).friendlyName).toBe('Clinic 2');
  expect((await client.messaging.v1.services.list()).map((one) => one.friendlyName)).toContain('Clinic 2');
  expect(await client.messaging.v1.services(service.sid).phoneNumbers(number!.sid).remove()).toBe(true);
  expect(await client.messaging.v1.services(service.sid).remove()).toBe(true);
  expect(await refusal(client.messaging.v1.services(service.sid).fetch())).toMatchObject({ status: 404, code: 20404 });
});

test('a scheduled message waits for its hour on the clock, or is canceled', async () => {
  const { client } = house();
  const service = await client.messaging.v1.services.create({ friendlyName: 'Clinic' });
  const [number] = await client.incomingPhoneNumbers.list({ phoneNumber: NIGHT_DESK });
  await client.messaging.v1.services(service.sid).phoneNumbers.create({ phoneNumberSid: number!.sid });
  const sendAt = new Date(control().now().getTime() + 3_600_000);
  const later = { to: ANNA, messagingServiceSid: service.sid, body: 'x', scheduleType: 'fixed' as const, sendAt };
  const [kept, dropped] = [await client.messages.create(later), await client.messages.create(later)];
  expect(kept.status).toBe('scheduled');
  expect((await client.messages(dropped.sid).update({ status: 'canceled' })).status).toBe('canceled');
  control().forward('1h');
  await control().idle();
  expect((await client.messages(kept.sid).fetch()).status).toBe('delivered');
  expect((await client.messages(dropped.sid).fetch()).status).toBe('canceled');
});

test('the primary token, the secondary token and an API key open the API; nothing else does', async () => {
  const { door } = house();
  const names = async (user: string, password: string) => (await clientAt(door, user, password, ACCOUNT).api.v2010.accounts(ACCOUNT).fetch()).sid;
  expect(await names(ACCOUNT, SECONDARY)).toBe(ACCOUNT);
  expect(await names(KEY.sid, KEY.secret)).toBe(ACCOUNT);
  expect(await refusal(names(ACCOUNT, 'wrong'))).toMatchObject({ status: 401, code: 20003 });
  expect(await refusal(names(KEY.sid, 'wrong'))).toMatchObject({ status: 401, code: 20003 });
  const other = `AC${'c3'.repeat(16)}`;
  expect(await refusal(clientAt(door, ACCOUNT, SECONDARY, other).messages.list())).toMatchObject({
    status: 401, code: 20003,
  });
});

test('numbers are listed, fetched and pointed elsewhere', async () => {
  const { client, sink } = house();
  const [number] = await client.incomingPhoneNumbers.list({ phoneNumber: FRONT_DESK });
  expect(await client.incomingPhoneNumbers(number!.sid).fetch()).toMatchObject({
    phoneNumber: FRONT_DESK, smsUrl: `${sink.origin}/sms`,
  });
  await client.incomingPhoneNumbers(number!.sid).update({ smsUrl: `${sink.origin}/moved`, friendlyName: 'Front desk' });
  control().text({ from: ANNA, to: FRONT_DESK, body: 'hi' });
  await control().idle();
  expect(sink.at('/moved')).toHaveLength(1);
  expect((await client.incomingPhoneNumbers.list()).map((one) => one.friendlyName)).toContain('Front desk');
});
