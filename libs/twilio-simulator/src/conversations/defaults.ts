import type { Account, ChatService, Role } from '../entities.js';
import { newMessagingService } from '../messaging/service-routes.js';
import { newSid, sidOf } from '../sids.js';
import type { World } from '../world.js';

const PERMISSIONS: Record<'channelUser' | 'serviceUser' | 'serviceAdmin', string[]> = {
  channelUser: ['sendMessage', 'leaveConversation', 'editOwnMessage', 'deleteOwnMessage'],
  serviceUser: ['createConversation', 'joinConversation', 'editOwnUserInfo'],
  serviceAdmin: [
    'createConversation', 'deleteAnyMessage', 'editAnyMessage', 'addParticipant', 'removeParticipant',
    'editConversationName',
  ],
};

/** What each account has from its first day: a conversation service and a Messaging Service, as defaults. */
export function seedAccount(world: World, account: Account): void {
  const { store } = world;
  const [serviceSid, messagingServiceSid] = [sidOf('IS', account.sid), sidOf('MG', account.sid)];
  if (!store.services.get(serviceSid)) newChatService(world, account.sid, 'Default Conversations Service', serviceSid);
  if (!store.messagingServices.get(messagingServiceSid)) {
    // Numbers that join it keep their own webhook, so that joining changes nothing for a newcomer.
    const service = {
      ...newMessagingService(world, account.sid, 'Default Messaging Service for Conversations'),
      sid: messagingServiceSid,
    };
    store.messagingServices.save({ ...service, useInboundWebhookOnNumber: true });
  }
  if (!store.defaults.get(account.sid)) {
    store.defaults.save({ sid: account.sid, serviceSid, messagingServiceSid, inactiveTimer: null, closedTimer: null });
  }
}

export function newChatService(
  world: World, accountSid: string, friendlyName: string, sid = newSid('IS'),
): ChatService {
  const now = world.clock.ms();
  const role = (name: string, type: Role['type'], permissions: string[]): string =>
    world.store.roles.save({
      sid: sidOf('RL', `${sid} ${name}`), accountSid, serviceSid: sid, createdAt: now, updatedAt: now,
      friendlyName: name, type, permissions,
    }).sid;
  role('service admin', 'service', PERMISSIONS.serviceAdmin);
  return world.store.services.save({
    sid, accountSid, createdAt: now, updatedAt: now, friendlyName, reachability: false,
    memberRoleSid: role('channel user', 'conversation', PERMISSIONS.channelUser),
    creatorRoleSid: role('channel admin', 'conversation', PERMISSIONS.channelUser),
    serviceRoleSid: role('service user', 'service', PERMISSIONS.serviceUser),
  });
}
