import { expect, test } from '@jest/globals';
import { ANNA, BORIS, control, FRONT_DESK, house, NIGHT_DESK, refusal } from './contract-house.js';
import { bind, listen, open, v1 } from './conversation-steps.js';

const received = (address: string) => control().phone(address).messages.filter((one) => one.direction === 'received').map((one) => one.body);

test('messages are numbered from 0, listed both ways, changed and deleted', async () => {
  const here = await open();
  const first = await here.messages.create({ body: 'one', author: 'assistant', attributes: '{"messageId":"m1"}' });
  expect(first).toMatchObject({
    index: 0, author: 'assistant', participantSid: null, delivery: null, media: null, contentSid: null,
  });
  const second = await here.messages.create({ body: 'two' });
  expect(second).toMatchObject({ index: 1, author: 'system' });
  expect((await here.messages.list()).map((one) => one.body)).toEqual(['one', 'two']);
  expect((await here.messages.list({ order: 'desc', pageSize: 1 })).map((one) => one.body)).toEqual(['two', 'one']);
  expect((await here.messages(first.sid).update({ body: 'uno' })).body).toBe('uno');
  expect((await here.messages(first.sid).fetch()).attributes).toBe('{"messageId":"m1"}');
  expect(await here.messages(second.sid).remove()).toBe(true);
  expect(await refusal(here.messages(second.sid).fetch())).toMatchObject({ status: 404, code: 20404 });
  expect((await here.messages.create({ body: 'three' })).index).toBe(2);
  expect(await refusal(here.messages.create({ body: 'x'.repeat(1_601) }))).toMatchObject({ status: 400, code: 50504 });
});

test('a message goes to every binding but its author’s, each leg with a receipt and no StatusCallback', async () => {
  const here = await open(ANNA, BORIS);
  await listen(['onDeliveryUpdated']);
  control().setPhone({ address: BORIS, outcome: 'undelivered:30003' });
  const { sid } = await here.messages.create({ body: 'to both' });
  await here.messages.create({ body: 'from Anna', author: ANNA });
  await control().idle();
  expect([received(ANNA), received(BORIS)]).toEqual([['to both'], ['to both', 'from Anna']]);
  const message = await here.messages(sid).fetch();
  expect(message.delivery).toEqual({
    total: 2, sent: 'all', delivered: 'some', read: 'none', failed: 'none', undelivered: 'some',
  });
  const receipts = await here.messages(sid).deliveryReceipts.list();
  expect(receipts.map((one) => [one.status, one.errorCode])).toEqual([['delivered', 0], ['undelivered', 30003]]);
  expect((await house().client.messages(receipts[0]!.channelMessageSid).fetch()).body).toBe('to both');
  expect((await here.messages(sid).deliveryReceipts(receipts[0]!.sid).fetch()).messageSid).toBe(sid);
  const told = house().sink.at('/hooks').filter((one) => one.params.MessageSid === sid);
  expect(told.map((one) => `${String(one.params.Status)} ${String(one.params.ErrorCode ?? '')}`).sort()).toEqual([
    'delivered ', 'sent ', 'sent ', 'undelivered 30003',
  ]);
  expect(told[0]?.params).not.toHaveProperty('Source');
});

test('an inbound text joins the conversation of its pair and goes on to the others; the number’s webhook hears it too', async () => {
  const { sink } = house();
  const here = await open(ANNA);
  await here.participants.create(bind(BORIS, NIGHT_DESK));
  await listen();
  sink.forget();
  control().text({ from: ANNA, to: FRONT_DESK, body: 'it is me' });
  await control().idle();
  const [message] = await here.messages.list();
  const member = (await here.participants.list()).find((one) => (one.messagingBinding as { address: string }).address === ANNA);
  expect(message).toMatchObject({ author: ANNA, body: 'it is me', participantSid: member?.sid });
  expect([received(ANNA), received(BORIS)]).toEqual([[], ['it is me']]);
  expect(sink.values('/sms', 'Body')).toEqual(['it is me']);
  const added = sink.at('/hooks').find((one) => one.params.EventType === 'onMessageAdded');
  expect(added).toMatchObject({
    genuine: true, params: { Source: 'SMS', RetryCount: '0', Index: '0', Author: ANNA, Attributes: '{}' },
  });
  expect(added?.params.DateCreated).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  control().switches({ classicDuplicate: false });
  control().text({ from: ANNA, to: FRONT_DESK, body: 'again' });
  await control().idle();
  expect(sink.values('/sms', 'Body')).toEqual(['it is me']);
});

test('with autocreation a stranger’s text makes a conversation, told in order; the next one joins it', async () => {
  const { sink } = house();
  const configuration = await v1().addressConfigurations.create({
    type: 'sms', address: FRONT_DESK, 'autoCreation.enabled': true, 'autoCreation.type': 'webhook',
    'autoCreation.webhookUrl': `${sink.origin}/auto`,
    'autoCreation.webhookFilters': ['onConversationAdded', 'onParticipantAdded', 'onMessageAdded'],
    'autoCreation.webhookMethod': 'post',
  });
  control().text({ from: ANNA, to: FRONT_DESK, body: 'one' });
  control().text({ from: ANNA, to: FRONT_DESK, body: 'two' });
  await control().idle();
  expect(sink.values('/auto', 'EventType')).toEqual([
    'onConversationAdded', 'onParticipantAdded', 'onMessageAdded', 'onMessageAdded',
  ]);
  expect(sink.values('/sms', 'Body')).toEqual(['one', 'two']);
  const [found, ...others] = await v1().participantConversations.list({ address: ANNA });
  expect(others).toEqual([]);
  expect(found).toMatchObject({
    conversationState: 'active', conversationFriendlyName: ANNA,
    participantMessagingBinding: { address: ANNA, proxy_address: FRONT_DESK, level: null },
  });
  expect(await refusal(v1().addressConfigurations.create({ type: 'sms', address: FRONT_DESK }))).toMatchObject({ status: 409 });
  expect((await v1().addressConfigurations(configuration.sid).fetch()).address).toBe(FRONT_DESK);
  expect((await v1().addressConfigurations(configuration.sid).update({ 'autoCreation.enabled': false })).autoCreation).toMatchObject({ enabled: false });
  expect(await v1().addressConfigurations.list({ type: 'sms' })).toHaveLength(1);
  expect(await v1().addressConfigurations(configuration.sid).remove()).toBe(true);
});
