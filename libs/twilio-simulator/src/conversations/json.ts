import type { Binding, Conversation, ConversationMessage, Participant, Receipt, ScopedWebhook } from '../entities.js';
import { isoSeconds } from '../wire.js';
import type { World } from '../world.js';
import { deliveryOf } from './receipts.js';
import type { Scope } from './scope.js';
import { timersOf } from './timers.js';

type Json = Record<string, unknown>;

/** Only the long form names the service on what is below a conversation. */
const serviceOf = (scope: Scope): Json => (scope.long ? { chat_service_sid: scope.service.sid } : {});

const dates = (row: { createdAt: number; updatedAt: number }): Json => ({
  date_created: isoSeconds(row.createdAt),
  date_updated: isoSeconds(row.updatedAt),
});

export function conversationJson(row: Conversation, scope: Scope, withExport = true): Json {
  const url = `${scope.base}/Conversations/${row.sid}`;
  return {
    sid: row.sid, account_sid: row.accountSid, chat_service_sid: row.serviceSid,
    messaging_service_sid: row.messagingServiceSid, friendly_name: row.friendlyName, unique_name: row.uniqueName,
    attributes: row.attributes, state: row.state, ...dates(row), timers: timersOf(row),
    bindings: row.email ? { email: row.email } : {}, url,
    links: {
      participants: `${url}/Participants`, messages: `${url}/Messages`, webhooks: `${url}/Webhooks`,
      ...(withExport ? { export: `${url}/Export` } : {}),
    },
  };
}

export function participantJson(row: Participant, scope: Scope): Json {
  return {
    account_sid: row.accountSid, ...serviceOf(scope), conversation_sid: row.conversationSid, sid: row.sid,
    identity: row.identity, attributes: row.attributes, messaging_binding: bindingJson(row.binding),
    role_sid: row.roleSid, ...dates(row), last_read_message_index: row.lastReadIndex,
    last_read_timestamp: row.lastReadAt,
    url: `${scope.base}/Conversations/${row.conversationSid}/Participants/${row.sid}`,
  };
}

export function bindingJson(binding: Binding | null): Json | null {
  if (!binding) return null;
  return {
    type: binding.type,
    ...(binding.address === undefined ? {} : { address: binding.address }),
    ...(binding.proxyAddress === undefined ? {} : { proxy_address: binding.proxyAddress }),
    ...(binding.projectedAddress === undefined ? {} : { projected_address: binding.projectedAddress }),
  };
}

export function messageJson(world: World, row: ConversationMessage, scope: Scope): Json {
  const url = `${scope.base}/Conversations/${row.conversationSid}/Messages/${row.sid}`;
  const media = row.media.map((one) => ({
    sid: one.sid, content_type: one.contentType, filename: one.filename, size: one.size,
  }));
  return {
    account_sid: row.accountSid, ...serviceOf(scope), conversation_sid: row.conversationSid, sid: row.sid,
    index: row.index, author: row.author, body: row.body, media: media.length > 0 ? media : null,
    attributes: row.attributes, participant_sid: row.participantSid, ...dates(row), delivery: deliveryOf(world, row),
    content_sid: row.contentSid, url,
    links: { delivery_receipts: `${url}/Receipts`, channel_metadata: `${url}/ChannelMetadata` },
  };
}

export function receiptJson(row: Receipt, scope: Scope): Json {
  return {
    account_sid: row.accountSid, ...serviceOf(scope), conversation_sid: row.conversationSid, sid: row.sid,
    message_sid: row.messageSid, channel_message_sid: row.channelMessageSid, participant_sid: row.participantSid,
    status: row.status, error_code: row.errorCode, ...dates(row),
    url: `${scope.base}/Conversations/${row.conversationSid}/Messages/${row.messageSid}/Receipts/${row.sid}`,
  };
}

export function scopedWebhookJson(row: ScopedWebhook, scope: Scope): Json {
  const configuration: Json = row.target === 'studio'
    ? { flow_sid: row.flowSid }
    : {
      url: row.url, method: row.method, filters: row.filters,
      ...(row.target === 'trigger' ? { triggers: row.triggers } : {}),
    };
  return {
    sid: row.sid, account_sid: row.accountSid, ...serviceOf(scope), conversation_sid: row.conversationSid,
    target: row.target, configuration, ...dates(row),
    url: `${scope.base}/Conversations/${row.conversationSid}/Webhooks/${row.sid}`,
  };
}
