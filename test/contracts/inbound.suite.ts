import { expect, test } from '@jest/globals';
import { ACCOUNT, ANNA, control, FRONT_DESK, house, NIGHT_DESK, refusal } from './contract-house.js';

const texts = async (body: string, more: object = {}) => {
  const { messageSid } = control().text({ from: ANNA, to: FRONT_DESK, body, ...more });
  await control().idle();
  return messageSid;
};
const phone = () => control().phone(ANNA).messages.map((one) => `${one.direction} ${one.body}`);

test('a text reaches the number’s webhook, signed, with all that Twilio says about it', async () => {
  const { client, sink } = house();
  const sid = await texts('Hello 👋\u0000');
  expect(sink.at('/sms')).toHaveLength(1);
  const [heard] = sink.at('/sms');
  expect(heard).toMatchObject({ method: 'POST', genuine: true });
  expect(heard?.params).toMatchObject({
    MessageSid: sid, SmsSid: sid, SmsMessageSid: sid, AccountSid: ACCOUNT, From: ANNA, To: FRONT_DESK,
    Body: 'Hello 👋\u0000',
    NumMedia: '0', NumSegments: '1', SmsStatus: 'received', ApiVersion: '2010-04-01', FromCountry: 'US',
  });
  expect(heard?.params).not.toHaveProperty('OptOutType');
  expect(heard?.headers).toMatchObject({
    'user-agent': 'TwilioProxy/1.1', 'x-home-region': 'us1', 'i-twilio-idempotency-token': expect.any(String),
  });
  expect(await client.messages(sid).fetch()).toMatchObject({ status: 'received', direction: 'inbound' });
});

test('media arrive as addresses that lead to the bytes', async () => {
  await texts('', { mediaUrls: ['https://example.com/rash.jpg'] });
  const params = house().sink.at('/sms')[0]?.params;
  expect(params).toMatchObject({ NumMedia: '1', MediaContentType0: 'image/jpeg' });
  const address = new URL(String(params?.MediaUrl0));
  expect(address.origin).toBe('https://api.twilio.com');
  const answer = await fetch(new URL(address.pathname, house().twilio.origin), { redirect: 'manual' });
  expect([answer.status, answer.headers.get('location')]).toEqual([307, 'https://example.com/rash.jpg']);
});

test.each([
  [
    'TwiML', 'text/xml',
    '<?xml version="1.0"?><Response><Message>Hi &amp; welcome</Message><Message><Body>two</Body></Message></Response>',
    ['received Hi & welcome', 'received two'],
  ],
  ['an empty document', 'text/xml', '<Response/>', []],
  ['nothing', 'text/html', '', []],
  ['plain text', 'text/plain', 'plain', ['received plain']],
])('the webhook may answer with %s', async (_, type, body, received) => {
  house().sink.reply('/sms', { type, body });
  await texts('hello');
  expect(phone()).toEqual(['sent hello', ...received]);
});

test('204 is an answer too, and a Redirect is followed', async () => {
  const { sink } = house();
  sink.reply('/sms', { status: 204 }, { body: '<Response><Redirect>/other?x=1</Redirect></Response>' });
  sink.reply('/other', { body: '<Response><Message>from there</Message></Response>' });
  await texts('first');
  await texts('second');
  expect(phone()).toEqual(['sent first', 'sent second', 'received from there']);
  expect(sink.at('/other')[0]).toMatchObject({ genuine: true });
});

test('STOP is answered once, stops what is sent, still reaches the webhook; START undoes it; HELP helps', async () => {
  const { client, sink } = house();
  const send = () => client.messages.create({ to: ANNA, from: FRONT_DESK, body: 'x' });
  await texts(' stop ');
  await texts('STOP');
  expect(phone()).toEqual([
    'sent  stop ', expect.stringContaining('received You have successfully been unsubscribed'), 'sent STOP',
  ]);
  expect(sink.values('/sms', 'Body')).toEqual([' stop ', 'STOP']);
  expect(sink.at('/sms')[0]?.params).not.toHaveProperty('OptOutType');
  expect(await refusal(send())).toMatchObject({ status: 400, code: 21610 });
  expect((await client.messages.create({ to: ANNA, from: NIGHT_DESK, body: 'x' })).status).toBe('queued');
  expect(control().phone(ANNA).optedOutOf).toEqual([FRONT_DESK]);
  expect((await client.messages.list({ to: ANNA, from: FRONT_DESK }))).toEqual([]);
  await texts('START');
  expect((await send()).status).toBe('queued');
  await texts('HELP');
  expect(phone().at(-1)).toContain('received Reply STOP to unsubscribe');
});

test('through a Messaging Service an opted-out message is accepted and fails afterwards', async () => {
  const { client, sink } = house();
  const service = await client.messaging.v1.services.create({
    friendlyName: 'Clinic', useInboundWebhookOnNumber: true,
  });
  const [number] = await client.incomingPhoneNumbers.list({ phoneNumber: FRONT_DESK });
  await client.messaging.v1.services(service.sid).phoneNumbers.create({ phoneNumberSid: number!.sid });
  await texts('STOP');
  await client.messages.create({
    to: ANNA, messagingServiceSid: service.sid, body: 'x', statusCallback: `${sink.origin}/status`,
  });
  await control().idle();
  expect(sink.at('/status').at(-1)?.params).toMatchObject({ MessageStatus: 'failed', ErrorCode: '21610' });
});

test('with Advanced Opt-Out the keyword is named', async () => {
  control().switches({ advancedOptOut: true });
  await texts('UNSTOP');
  expect(house().sink.values('/sms', 'OptOutType')).toEqual(['START']);
});

const point = (fragment: string) => control().addNumber({
  accountSid: ACCOUNT, phoneNumber: FRONT_DESK, smsUrl: `${house().sink.origin}/sms${fragment}`,
});

test('a failing webhook is not tried again, unless the fragment of its URL asks for it', async () => {
  const { sink } = house();
  sink.reply('/sms', { status: 503 });
  await texts('once');
  expect(sink.at('/sms')).toHaveLength(1);
  point('#rc=2&rp=5xx');
  await texts('three times');
  const tries = sink.at('/sms').slice(1);
  expect(tries).toHaveLength(3);
  expect(tries.every((one) => one.genuine && !one.path.includes('#'))).toBe(true);
  expect(new Set(tries.map((one) => one.headers['i-twilio-idempotency-token'])).size).toBe(1);
});

test('an answer that does not come in time is given up, and with rp=all asked for again', async () => {
  const { sink } = house();
  sink.reply('/sms', 'hang', {});
  point('#rc=1&rp=all&tt=500');
  await texts('slow');
  expect(control().webhooks().map((one) => [one.attempt, one.status])).toEqual([[1, null], [2, 200]]);
});
