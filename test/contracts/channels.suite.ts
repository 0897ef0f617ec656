import { expect, test } from '@jest/globals';
import { ACCOUNT, ANNA, control, FRONT_DESK, house, NIGHT_DESK, refusal } from './contract-house.js';
import { bind, listen, open, v1 } from './conversation-steps.js';

const WA_ANNA = `whatsapp:${ANNA}`;
const WA_DESK = `whatsapp:${FRONT_DESK}`;
const TEMPLATE = `HX${'d4'.repeat(16)}`;

test('WhatsApp takes free text within 24 hours of the customer’s, and a template at any time', async () => {
  const { client, sink } = house();
  const send = (more: object) => client.messages.create({
    to: WA_ANNA, from: WA_DESK, statusCallback: `${sink.origin}/status`, ...more,
  } as never);
  control().setPhone({ address: WA_ANNA, name: 'Anna', outcome: 'read' });
  control().text({ from: WA_ANNA, to: WA_DESK, body: 'hi' });
  await control().idle();
  expect(sink.at('/sms')[0]?.params).toMatchObject({
    From: WA_ANNA, To: WA_DESK, WaId: ANNA.slice(1), ProfileName: 'Anna', MessageType: 'text',
  });
  await send({ body: 'hello' });
  await control().idle();
  expect(sink.values('/status', 'MessageStatus')).toEqual(['sending', 'sent', 'delivered', 'read']);
  expect(sink.at('/status').at(-1)?.params).toMatchObject({ ChannelPrefix: 'whatsapp', EventType: 'READ' });
  control().forward('25h');
  await send({ body: 'are you there?' });
  await control().idle();
  expect(sink.at('/status').at(-1)?.params).toMatchObject({ MessageStatus: 'failed', ErrorCode: '63016' });
  control().addContent({ sid: TEMPLATE, body: 'Dear {{1}}, see you at {{2}}' });
  await send({ contentSid: TEMPLATE, contentVariables: '{"1":"Anna","2":"9:00"}' });
  await control().idle();
  expect(control().phone(WA_ANNA).messages.at(-1)).toMatchObject({
    body: 'Dear Anna, see you at 9:00', status: 'read',
  });
  expect(await refusal(send({ contentSid: `HX${'e5'.repeat(16)}` }))).toMatchObject({ code: 21655 });
  expect(await refusal(send({ contentSid: TEMPLATE, contentVariables: '[]' }))).toMatchObject({ code: 21656 });
  expect(await refusal(client.messages.create({ to: WA_ANNA, from: FRONT_DESK, body: 'x' }))).toMatchObject({ code: 21910 });
  expect(await refusal(client.messages.create({ to: WA_ANNA, from: 'whatsapp:+15550999999', body: 'x' }))).toMatchObject({ code: 63007 });
});

test('STOP on WhatsApp is just a word', async () => {
  control().text({ from: WA_ANNA, to: WA_DESK, body: 'STOP' });
  await control().idle();
  expect(control().phone(WA_ANNA)).toMatchObject({ optedOutOf: [], messages: [{ body: 'STOP' }] });
});

test('one person with two bindings gets everything twice, her own words too', async () => {
  const here = await open(ANNA);
  await here.participants.create(bind(WA_ANNA, WA_DESK));
  control().text({ from: WA_ANNA, to: WA_DESK, body: 'on WhatsApp' });
  await control().idle();
  await here.messages.create({ body: 'to her' });
  await control().idle();
  const received = (address: string) => control().phone(address).messages.filter((one) => one.direction === 'received').map((one) => one.body);
  expect([received(ANNA), received(WA_ANNA)]).toEqual([['on WhatsApp', 'to her'], ['to her']]);
  const { sid } = await here.messages.create({ body: 'late', contentSid: undefined });
  control().forward('25h');
  await control().idle();
  expect((await here.messages(sid).fetch()).delivery).toMatchObject({ total: 2, delivered: 'all' });
  const late = await here.messages.create({ body: 'later' });
  await control().idle();
  expect((await here.messages(late.sid).fetch()).delivery).toMatchObject({ delivered: 'some', failed: 'some' });
});

test('a template’s text is the body of a conversation’s message', async () => {
  control().addContent({ sid: TEMPLATE, body: 'Hello {{1}}' });
  const here = await open();
  const message = await here.messages.create({ contentSid: TEMPLATE, contentVariables: '{"1":"John"}' });
  expect(message).toMatchObject({ body: 'Hello John', contentSid: TEMPLATE });
  expect(await refusal(here.messages.create({ contentSid: `HX${'e5'.repeat(16)}` }))).toMatchObject({ status: 400 });
});

test('a webhook that fails is followed by the fallback, which is told why', async () => {
  const { client, sink } = house();
  const [number] = await client.incomingPhoneNumbers.list({ phoneNumber: FRONT_DESK });
  await client.incomingPhoneNumbers(number!.sid).update({ smsFallbackUrl: `${sink.origin}/fallback` });
  sink.reply('/sms', { status: 500 });
  control().text({ from: ANNA, to: FRONT_DESK, body: 'hi' });
  await control().idle();
  expect(sink.at('/fallback')[0]).toMatchObject({
    genuine: true, params: { Body: 'hi', ErrorCode: '11200', ErrorUrl: `${sink.origin}/sms` },
  });
  await client.incomingPhoneNumbers(number!.sid).update({ smsFallbackUrl: '' });
});

test('a Messaging Service takes the inbound messages of its numbers, or swallows them', async () => {
  const { client, sink } = house();
  const service = await client.messaging.v1.services.create({ friendlyName: 'Clinic' });
  control().addNumber({ accountSid: ACCOUNT, phoneNumber: NIGHT_DESK, messagingServiceSid: service.sid });
  const texts = async () => {
    const { messageSid } = control().text({ from: ANNA, to: NIGHT_DESK, body: 'hi' });
    await control().idle();
    return messageSid;
  };
  expect(await refusal(client.messages(await texts()).fetch())).toMatchObject({ status: 404 });
  await client.messaging.v1.services(service.sid).update({ inboundRequestUrl: `${sink.origin}/service` });
  expect((await client.messages(await texts()).fetch()).status).toBe('received');
  expect(sink.at('/service')[0]?.params.MessagingServiceSid).toBe(service.sid);
  expect(sink.at('/night')).toEqual([]);
});

test('one of our numbers can text another', async () => {
  await house().client.messages.create({ to: NIGHT_DESK, from: FRONT_DESK, body: 'over to you' });
  await control().idle();
  expect(house().sink.at('/night')[0]?.params).toMatchObject({ From: FRONT_DESK, Body: 'over to you' });
});

test('a pre-action hook that refuses an auto-created conversation loses the message; in a list a message may be late', async () => {
  const { sink } = house();
  await v1().addressConfigurations.create({
    type: 'sms', address: FRONT_DESK, 'autoCreation.enabled': true, 'autoCreation.type': 'default',
  });
  await listen(['onConversationAdd'], { preWebhookUrl: `${sink.origin}/pre`, postWebhookUrl: '' });
  sink.reply('/pre', { status: 400 }, { type: 'application/json', body: '{"friendly_name":"VIP"}' });
  control().text({ from: ANNA, to: FRONT_DESK, body: 'one' });
  await control().idle();
  expect([sink.at('/sms'), await v1().conversations.list()]).toEqual([[], []]);
  expect(sink.at('/pre')[0]?.params).toMatchObject({
    MessageBody: 'one', 'MessagingBinding.Address': ANNA, 'MessagingBinding.ProxyAddress': FRONT_DESK,
  });
  control().text({ from: ANNA, to: FRONT_DESK, body: 'two' });
  await control().idle();
  const [conversation] = await v1().conversations.list();
  expect(conversation?.friendlyName).toBe('VIP');
  control().switches({ listDelayMs: 5_000 });
  expect(await v1().conversations(conversation!.sid).messages.list()).toEqual([]);
  control().forward('5s');
  expect(await v1().conversations(conversation!.sid).messages.list()).toHaveLength(1);
});

test('in a group MMS only a member is the author, and the index may skip', async () => {
  const { sid } = await v1().conversations.create();
  const here = v1().conversations(sid);
  await here.participants.create({ identity: 'clinic', 'messagingBinding.projectedAddress': FRONT_DESK });
  await here.participants.create({ 'messagingBinding.address': ANNA });
  expect(await refusal(here.participants.create({ 'messagingBinding.address': ANNA }))).toMatchObject({
    status: 409, code: 50437,
  });
  expect(await refusal(here.messages.create({ body: 'x' }))).toMatchObject({ status: 400, code: 50513 });
  control().switches({ indexGap: 2 });
  expect([(await here.messages.create({ author: 'clinic', body: 'x' })).index, (await here.messages.create({ author: FRONT_DESK, body: 'y' })).index]).toEqual([0, 3]);
});
