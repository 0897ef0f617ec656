import { expect, test } from '@jest/globals';
import { ACCOUNT, ANNA, control, FRONT_DESK, house, refusal } from './contract-house.js';

const CLINIC = 'rcs:15550100009';
const RCS_ANNA = `rcs:${ANNA}`;

/** A Messaging Service with the clinic's RCS sender and its number. */
async function pool(...senders: string[]): Promise<string> {
  const { sid } = await house().straight.messaging.v1.services.create({ friendlyName: 'Clinic', useInboundWebhookOnNumber: true });
  for (const phoneNumber of senders) control().addNumber({ accountSid: ACCOUNT, phoneNumber, smsUrl: `${house().sink.origin}/sms`, messagingServiceSid: sid });
  return sid;
}

const send = (more: object) => house().client.messages.create({ to: ANNA, body: 'hello', statusCallback: `${house().sink.origin}/status`, ...more } as never);

test('a Messaging Service tries RCS first, and says by From and To that it did; RCS is read', async () => {
  const messagingServiceSid = await pool(CLINIC, FRONT_DESK);
  control().setPhone({ address: RCS_ANNA, outcome: 'read' });
  const sent = await send({ messagingServiceSid, fallbackFrom: FRONT_DESK });
  expect(sent).toMatchObject({ status: 'accepted', from: null, to: ANNA, messagingServiceSid });
  await control().idle();
  expect(house().sink.values('/status', 'MessageStatus')).toEqual(['queued', 'sending', 'sent', 'delivered', 'read']);
  expect(house().sink.at('/status').at(-1)?.params).toMatchObject({ From: CLINIC, To: RCS_ANNA, ChannelPrefix: 'rcs', EventType: 'READ' });
  expect(await house().client.messages(sent.sid).fetch()).toMatchObject({ from: CLINIC, to: RCS_ANNA, status: 'read' });
  expect((await house().client.messages.list({ to: RCS_ANNA })).map(({ sid }) => sid)).toEqual([sent.sid]);
});

test('a phone that cannot do RCS gets an SMS from the number that was named, else from the pool', async () => {
  const messagingServiceSid = await pool(CLINIC, FRONT_DESK);
  control().setPhone({ address: RCS_ANNA, outcome: 'undelivered:63036' });
  for (const more of [{ fallbackFrom: FRONT_DESK }, {}]) {
    await send({ messagingServiceSid, ...more });
    await control().idle();
    expect(house().sink.at('/status').at(-1)?.params).toMatchObject({ MessageStatus: 'delivered', From: FRONT_DESK, To: ANNA });
  }
  expect([control().phone(ANNA).messages.length, control().phone(RCS_ANNA).messages.length]).toEqual([2, 0]);
});

test('to an rcs: address, or by a sender that is named, there is no falling back', async () => {
  const messagingServiceSid = await pool(CLINIC, FRONT_DESK);
  control().setPhone({ address: RCS_ANNA, outcome: 'undelivered:63036' });
  await send({ to: RCS_ANNA, from: CLINIC, messagingServiceSid });
  await control().idle();
  expect(house().sink.at('/status').at(-1)?.params).toMatchObject({ MessageStatus: 'undelivered', ErrorCode: '63036', From: CLINIC });
  expect(control().phone(ANNA).messages).toEqual([]);
});

test('a number to fall back on needs a Messaging Service with an RCS sender, and no From beside it', async () => {
  const withoutRcs = await pool(FRONT_DESK);
  const fallbackFrom = FRONT_DESK;
  expect(await refusal(send({ from: FRONT_DESK, messagingServiceSid: withoutRcs, fallbackFrom }))).toMatchObject({ status: 400, code: 21664 });
  expect(await refusal(send({ messagingServiceSid: withoutRcs, fallbackFrom }))).toMatchObject({ status: 400, code: 21667 });
});

test('a card with replies is tapped on RCS; in an SMS it is its plain text', async () => {
  const messagingServiceSid = await pool(CLINIC, FRONT_DESK);
  const actions = [{ type: 'QUICK_REPLY', title: '{{2}}', id: '{{3}}' }];
  const { sid: contentSid } = await house().client.content.v1.contents.create({
    friendly_name: 'Card', language: 'en', variables: { 1: 'Shall I?', 2: 'Yes', 3: 'yes' },
    types: { 'twilio/card': { title: '{{1}}', actions }, 'twilio/text': { body: '{{1}}\n1: {{2}}' } },
  } as never);
  await send({ messagingServiceSid, body: undefined, contentSid });
  await control().idle();
  const [shown] = control().phone(RCS_ANNA).messages;
  expect(shown).toMatchObject({ body: 'Shall I?', buttons: [{ text: 'Yes', payload: 'yes' }] });
  control().tap(shown!.sid, 'Yes');
  await control().idle();
  expect(house().sink.at('/sms').at(-1)?.params).toMatchObject({ From: RCS_ANNA, To: CLINIC, MessagingServiceSid: messagingServiceSid, ButtonText: 'Yes', ButtonPayload: 'yes' });
  control().setPhone({ address: RCS_ANNA, outcome: 'undelivered:63036' });
  await send({ messagingServiceSid, body: undefined, contentSid });
  await control().idle();
  expect(control().phone(ANNA).messages).toMatchObject([{ body: 'Shall I?\n1: Yes', buttons: [] }]);
});
