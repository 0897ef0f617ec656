import type { Binding, Conversation, ConversationMessage, Participant, User } from '../entities.js';
import type { HookParams } from '../signature.js';
import { isoMillis } from '../wire.js';

/** Parameters of Conversations hooks, event by event (facts C.5 and C.6). What is not set is not sent. */
type Loose = Record<string, string | null | undefined>;

const compact = (params: Loose): HookParams =>
  Object.fromEntries(Object.entries(params).filter((pair): pair is [string, string] => pair[1] !== null && pair[1] !== undefined));

const bindingParams = (binding: Binding | null): Loose => ({
  'MessagingBinding.Address': binding?.address,
  'MessagingBinding.ProxyAddress': binding?.proxyAddress,
  'MessagingBinding.ProjectedAddress': binding?.projectedAddress,
});

/** Before it exists: without sid and dates; an auto-created one comes with the message that causes it. */
export function newConversationParams(row: Conversation, cause?: { binding: Binding; body: string }): HookParams {
  return compact({
    FriendlyName: row.friendlyName, UniqueName: row.uniqueName, Attributes: row.attributes,
    ChatServiceSid: row.serviceSid, MessagingServiceSid: row.messagingServiceSid, State: row.state,
    ...bindingParams(cause?.binding ?? null), MessageBody: cause?.body,
  });
}

export function conversationParams(row: Conversation, binding: Binding | null = null): HookParams {
  return compact({
    ConversationSid: row.sid, DateCreated: isoMillis(row.createdAt), DateUpdated: isoMillis(row.updatedAt),
    FriendlyName: row.friendlyName, UniqueName: row.uniqueName, Attributes: row.attributes,
    ChatServiceSid: row.serviceSid, MessagingServiceSid: row.messagingServiceSid, State: row.state,
    ...bindingParams(binding),
  });
}

export function newParticipantParams(row: Participant): HookParams {
  return compact({
    ConversationSid: row.conversationSid, ChatServiceSid: row.serviceSid, Identity: row.identity, RoleSid: row.roleSid,
    Attributes: row.attributes, ...bindingParams(row.binding), 'MessagingBinding.Type': row.binding?.type.toUpperCase(),
  });
}

export function participantParams(row: Participant, when: 'added' | 'updated' | 'removed'): HookParams {
  return {
    ...newParticipantParams(row),
    ...compact({
      ParticipantSid: row.sid, DateCreated: isoMillis(row.createdAt),
      DateUpdated: when === 'added' ? undefined : isoMillis(row.updatedAt),
      LastReadMessageIndex: when === 'updated' && row.lastReadIndex !== null ? String(row.lastReadIndex) : undefined,
    }),
  };
}

export function newMessageParams(row: ConversationMessage): HookParams {
  return compact({
    ConversationSid: row.conversationSid, ChatServiceSid: row.serviceSid, Body: row.body, Author: row.author,
    ParticipantSid: row.participantSid, Attributes: row.attributes, Media: mediaParam(row),
  });
}

export function messageParams(
  row: ConversationMessage, when: 'added' | 'changed', messagingServiceSid?: string,
): HookParams {
  return {
    ...newMessageParams(row),
    ...compact({
      MessageSid: row.sid, Index: String(row.index), DateCreated: isoMillis(row.createdAt),
      DateUpdated: when === 'changed' ? isoMillis(row.updatedAt) : undefined,
      MessagingServiceSid: when === 'added' ? messagingServiceSid : undefined,
    }),
  };
}

function mediaParam(row: ConversationMessage): string | undefined {
  if (row.media.length === 0) return undefined;
  return JSON.stringify(row.media.map((one) => ({
    Sid: one.sid, ContentType: one.contentType, Filename: one.filename, Size: one.size,
  })));
}

export function userParams(row: User, when: 'added' | 'updated'): HookParams {
  return compact({
    ChatServiceSid: row.serviceSid, UserSid: row.sid, DateCreated: isoMillis(row.createdAt), Identity: row.identity,
    RoleSid: row.roleSid, Attributes: row.attributes, FriendlyName: row.friendlyName,
    ...(when === 'updated' ? { DateUpdated: isoMillis(row.updatedAt), isOnline: 'false', isNotifiable: 'false' } : {}),
  });
}
