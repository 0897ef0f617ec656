import { expect, test } from '@jest/globals';
import { control, house, refusal } from './contract-house.js';
import { listen, open, v1 } from './conversation-steps.js';

const events = () => house().sink.values('/hooks', 'EventType');

test('REST is silent unless it asks for webhooks; what a person types is always told', async () => {
  const here = await open();
  await listen();
  await here.messages.create({ body: 'silent' });
  await control().idle();
  expect(events()).toEqual([]);
  await here.messages.create({ body: 'loud', attributes: '{"messageId":"m2"}', xTwilioWebhookEnabled: 'true' });
  const { sid } = await here.fetch();
  await control().type(sid, { author: 'staff-1', body: 'hello' });
  await control().idle();
  expect(events()).toEqual(['onMessageAdded', 'onParticipantAdded', 'onMessageAdded']);
  expect(house().sink.values('/hooks', 'Source')).toEqual(['API', 'SDK', 'SDK']);
  expect(house().sink.at('/hooks')[2]?.params).toMatchObject({ ClientIdentity: 'staff-1', Author: 'staff-1' });
});

test('every kind of change has its event', async () => {
  await listen();
  const on = { xTwilioWebhookEnabled: 'true' as const };
  const { sid } = await v1().conversations.create({ ...on, friendlyName: 'x' });
  const participant = await v1().conversations(sid).participants.create({ ...on, identity: 'anna' });
  const message = await v1().conversations(sid).messages.create({ ...on, body: 'x', author: 'anna' });
  await v1().conversations(sid).messages(message.sid).update({ ...on, body: 'y' });
  await v1().conversations(sid).messages(message.sid).remove(on);
  await v1().conversations(sid).participants(participant.sid).remove(on);
  await v1().conversations(sid).update({ ...on, friendlyName: 'z' });
  await v1().conversations(sid).remove(on);
  await control().idle();
  expect(events()).toEqual([
    'onConversationAdded', 'onParticipantAdded', 'onMessageAdded', 'onMessageUpdated', 'onMessageRemoved',
    'onParticipantRemoved', 'onConversationUpdated', 'onConversationRemoved',
  ]);
  expect(house().sink.at('/hooks')[2]?.params).toMatchObject({ ParticipantSid: participant.sid });
  expect(house().sink.at('/hooks').every((one) => one.genuine)).toBe(true);
});

test('a pre-action hook may change a message or refuse it; silence is consent', async () => {
  const { sink } = house();
  const here = await open();
  await listen(['onMessageAdd'], { preWebhookUrl: `${sink.origin}/pre`, postWebhookUrl: '' });
  const say = (body: string) => here.messages.create({ body, xTwilioWebhookEnabled: 'true' });
  sink.reply('/pre', { type: 'application/json', body: '{"body":"[redacted]"}' }, { status: 403 }, 'cut');
  expect((await say('my card number')).body).toBe('[redacted]');
  expect(await refusal(say('no'))).toMatchObject({ status: 400, code: 50056 });
  expect((await say('yes')).body).toBe('yes');
});

test('a service’s own hook silences the account’s; conversation hooks hear in addition, five at most', async () => {
  const { sink } = house();
  const here = await open();
  const { chatServiceSid } = await here.fetch();
  await listen(['onMessageAdded']);
  await v1().services(chatServiceSid).configuration.webhooks().update({
    postWebhookUrl: `${sink.origin}/service`, filters: ['onMessageAdded'], method: 'GET',
  });
  const hook = {
    target: 'webhook' as const, 'configuration.url': `${sink.origin}/scoped`,
    'configuration.filters': ['onMessageAdded'], 'configuration.method': 'post' as const,
  };
  await here.webhooks.create(hook);
  await here.messages.create({ body: 'x', xTwilioWebhookEnabled: 'true' });
  await control().idle();
  expect([sink.at('/hooks').length, sink.at('/service').length, sink.at('/scoped').length]).toEqual([0, 1, 1]);
  expect(sink.at('/service')[0]).toMatchObject({
    method: 'GET', genuine: true, path: expect.stringContaining('EventType=onMessageAdded'),
  });
  control().switches({ bothHookScopes: true });
  await here.messages.create({ body: 'y', xTwilioWebhookEnabled: 'true' });
  await control().idle();
  expect(sink.at('/hooks')).toHaveLength(1);
  for (let n = 0; n < 4; n += 1) await here.webhooks.create(hook);
  expect(await refusal(here.webhooks.create(hook))).toMatchObject({ status: 400, code: 50361 });
  const [first] = await here.webhooks.list();
  expect((await here.webhooks(first!.sid).update({ 'configuration.url': `${sink.origin}/moved` })).configuration).toMatchObject({ url: `${sink.origin}/moved` });
  expect((await here.webhooks(first!.sid).fetch()).target).toBe('webhook');
  expect(await here.webhooks(first!.sid).remove()).toBe(true);
});

test('a post hook is not tried again, unless the switch says so', async () => {
  const { sink } = house();
  const here = await open();
  await listen(['onMessageAdded']);
  sink.reply('/hooks', { status: 503 });
  await here.messages.create({ body: 'x', xTwilioWebhookEnabled: 'true' });
  await control().idle();
  control().switches({ hookRetries: 2 });
  await here.messages.create({ body: 'y', xTwilioWebhookEnabled: 'true' });
  await control().idle();
  expect(sink.values('/hooks', 'RetryCount')).toEqual(['0', '0', '1', '2']);
});
