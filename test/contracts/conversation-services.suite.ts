import { expect, test } from '@jest/globals';
import { ANNA, BORIS, control, FRONT_DESK, house, refusal } from './contract-house.js';
import { bind, v1 } from './conversation-steps.js';

test('an account starts with a default conversation service and a default Messaging Service', async () => {
  const defaults = await v1().configuration().fetch();
  expect((await v1().services.list()).map((one) => one.sid)).toEqual([defaults.defaultChatServiceSid]);
  expect((await house().client.messaging.v1.services(defaults.defaultMessagingServiceSid).fetch()).sid).toBe(defaults.defaultMessagingServiceSid);
  const changed = await v1().configuration().update({ defaultInactiveTimer: 'PT10M', defaultClosedTimer: 'P1D' });
  expect(changed).toMatchObject({ defaultInactiveTimer: 'PT10M', defaultClosedTimer: 'P1D' });
  expect((await v1().conversations.create()).timers).toHaveProperty('date_closed');
  expect((await v1().configuration.webhooks().fetch()).target).toBe('webhook');
});

test('another service has conversations of its own, reached by the long path only', async () => {
  const service = await v1().services.create({ friendlyName: 'Second' });
  const there = v1().services(service.sid);
  expect((await there.fetch()).friendlyName).toBe('Second');
  const conversation = await there.conversations.create({ uniqueName: 'same-name' });
  await v1().conversations.create({ uniqueName: 'same-name' });
  expect(await refusal(v1().conversations(conversation.sid).fetch())).toMatchObject({ status: 404, code: 20404 });
  control().switches({ unknownConversationCode: 50350 });
  expect(await refusal(v1().conversations(conversation.sid).fetch())).toMatchObject({ status: 404, code: 50350 });
  const here = there.conversations(conversation.sid);
  const member = await here.participants.create(bind(ANNA));
  expect(member.chatServiceSid).toBe(service.sid);
  const message = await here.messages.create({ body: 'x' });
  await control().idle();
  expect((await here.messages(message.sid).deliveryReceipts.list())[0]).toMatchObject({
    chatServiceSid: service.sid, status: 'delivered',
  });
  expect((await here.messages.list())[0]).toMatchObject({ chatServiceSid: service.sid });
  expect(await here.participants.list()).toHaveLength(1);
  expect((await here.participants(member.sid).fetch()).sid).toBe(member.sid);
  const hook = await here.webhooks.create({
    target: 'trigger', 'configuration.url': 'https://example.com', 'configuration.triggers': ['help'],
  });
  expect((await here.webhooks.list())[0]).toMatchObject({ sid: hook.sid, chatServiceSid: service.sid });
  expect((await there.conversations.list()).map((one) => one.sid)).toEqual([conversation.sid]);
  expect((await here.update({ friendlyName: 'z' })).friendlyName).toBe('z');
  expect(await refusal(there.remove())).toMatchObject({ status: 409 });
  expect(await here.remove()).toBe(true);
  expect(await there.remove()).toBe(true);
});

test('roles, users, service configuration and its webhooks can be read and changed', async () => {
  const { defaultChatServiceSid } = await v1().configuration().fetch();
  const there = v1().services(defaultChatServiceSid);
  const roles = await v1().roles.list();
  expect(roles.map((one) => one.type)).toContain('conversation');
  expect((await there.roles(roles[0]!.sid).fetch()).sid).toBe(roles[0]!.sid);
  expect((await there.configuration().fetch()).defaultConversationRoleSid).toMatch(/^RL/);
  expect((await there.configuration().update({ reachabilityEnabled: true })).reachabilityEnabled).toBe(true);
  expect((await there.configuration.webhooks().fetch()).filters).toEqual([]);
  const user = await v1().users.create({ identity: 'anna', friendlyName: 'Anna', attributes: '{}' });
  expect(await refusal(v1().users.create({ identity: 'anna' }))).toMatchObject({ status: 409, code: 50201 });
  expect((await v1().users('anna').fetch()).sid).toBe(user.sid);
  expect((await there.users(user.sid).update({ friendlyName: 'A.' })).friendlyName).toBe('A.');
  const { sid } = await v1().conversations.create();
  await v1().conversations(sid).participants.create({ identity: 'anna' });
  expect((await v1().users(user.sid).userConversations.list()).map((one) => one.conversationSid)).toEqual([sid]);
  expect((await v1().participantConversations.list({ identity: 'anna' })).map((one) => one.participantUserSid)).toEqual([user.sid]);
  expect(await v1().users(user.sid).remove()).toBe(true);
});

test('ParticipantConversations takes one question at a time', async () => {
  expect(await refusal(v1().participantConversations.list({ identity: 'anna', address: ANNA }))).toMatchObject({
    status: 400, code: 50451,
  });
});

test('a conversation is created with its participants, all or none', async () => {
  const member = (address: string) => JSON.stringify({ messaging_binding: { address, proxy_address: FRONT_DESK } });
  const made = await v1().conversationWithParticipants.create({
    friendlyName: 'three', participant: [member(ANNA), member(BORIS), JSON.stringify({ identity: 'staff' })],
  });
  expect(await v1().conversations(made.sid).participants.list()).toHaveLength(3);
  expect(await refusal(v1().conversationWithParticipants.create({ participant: [member('+15550190009'), member(ANNA)] }))).toMatchObject({ status: 409, code: 50425 });
  expect(await v1().participantConversations.list({ address: '+15550190009' })).toEqual([]);
});

test('too many actions in one second are refused where the limit is on', async () => {
  const { sid } = await v1().conversations.create();
  control().switches({ apsLimit: 2 });
  const say = () => v1().conversations(sid).messages.create({ body: 'x' });
  await say();
  await say();
  expect(await refusal(say())).toMatchObject({ status: 429, code: 50063 });
  control().forward('1s');
  expect((await say()).index).toBe(2);
});
