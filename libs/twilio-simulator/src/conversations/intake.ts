import type { AddressConfiguration, Binding, Conversation, Message, OwnNumber, Participant } from '../entities.js';
import { parseAddress } from '../messaging/address.js';
import { newSid } from '../sids.js';
import { pairKey } from '../store.js';
import { TwilioError } from '../twilio-error.js';
import type { World } from '../world.js';
import { conversationParams, newConversationParams } from './event-params.js';
import { firePost, firePre, type Origin } from './hooks.js';
import { draft as draftMessage, keepMessage } from './message-actions.js';
import { draft as draftParticipant, keepParticipant } from './participant-actions.js';
import { arm } from './timers.js';

/** Whether an inbound message found its conversation, made one, was lost to a refusal, or is none of ours. */
type Taken = 'bound' | 'created' | 'dropped' | 'none';

/** The inbound decision table (facts B.5): the open conversation of this pair, else autocreation, else nothing. */
export async function takeIn(world: World, message: Message, number: OwnNumber): Promise<Taken> {
  const member = boundMember(world, message);
  if (member) {
    hear(world, world.store.conversations.get(member.conversationSid)!, message, number);
    return 'bound';
  }
  const configuration = world.store.addressByName.of(`${number.accountSid} ${message.to}`).find((one) => one.enabled);
  return configuration ? create(world, message, number, configuration) : 'none';
}

/** The member this pair belongs to; an active conversation goes before an inactive one, a closed one counts for nothing. */
function boundMember(world: World, message: Message): Participant | undefined {
  const members = world.store.participantsByPair.of(pairKey(message.accountSid, message.from ?? '', message.to));
  const inState = (state: string): Participant | undefined =>
    members.find((one) => world.store.conversations.get(one.conversationSid)?.state === state);
  return inState('active') ?? inState('inactive');
}

function originOf(world: World, message: Message): Origin {
  const { channel } = parseAddress(message.from ?? '');
  return { source: channel === 'whatsapp' ? world.switches.values.whatsappSource : channel.toUpperCase(), fires: true };
}

function hear(world: World, conversation: Conversation, message: Message, number: OwnNumber): void {
  const members = world.store.participantsByConversation.of(conversation.sid);
  const media = message.media.map((one, index) => ({
    sid: one.sid, contentType: one.contentType, filename: `media-${index}`, size: 0,
  }));
  const row = draftMessage(
    world, conversation, { author: message.from ?? number.phoneNumber, body: message.text, media }, members,
  );
  keepMessage(world, conversation, row, originOf(world, message));
}

/**
 * In order onConversationAdded, onParticipantAdded, onMessageAdded; of the pre-action hooks only onConversationAdd
 * is asked (facts B.6).
 */
async function create(
  world: World, message: Message, number: OwnNumber, configuration: AddressConfiguration,
): Promise<Taken> {
  const origin = originOf(world, message);
  const binding: Binding = { type: bindingType(message), address: message.from ?? '', proxyAddress: message.to };
  const conversation = draftConversation(world, message, number, configuration);
  try {
    const changes = await firePre(world, { accountSid: conversation.accountSid, serviceSid: conversation.serviceSid }, {
      event: 'onConversationAdd', origin, params: newConversationParams(conversation, { binding, body: message.text }),
    });
    conversation.friendlyName = changes.friendly_name ?? conversation.friendlyName;
  } catch (error) {
    if (error instanceof TwilioError) return 'dropped';
    throw error;
  }
  // The same person may have written again while the hook was thinking: one conversation, not two.
  const meanwhile = boundMember(world, message);
  if (meanwhile) {
    hear(world, world.store.conversations.get(meanwhile.conversationSid)!, message, number);
    return 'bound';
  }
  world.store.conversations.save(conversation);
  attachWebhook(world, conversation, configuration);
  firePost(world, conversation, {
    event: 'onConversationAdded', origin, params: conversationParams(conversation, binding),
  });
  keepParticipant(world, conversation, draftParticipant(world, conversation, { identity: null, binding }), origin);
  hear(world, conversation, message, number);
  arm(world, conversation);
  return 'created';
}

function bindingType(message: Message): Binding['type'] {
  const { channel } = parseAddress(message.from ?? '');
  return channel === 'other' ? 'sms' : channel;
}

function draftConversation(
  world: World, message: Message, number: OwnNumber, configuration: AddressConfiguration,
): Conversation {
  const defaults = world.store.defaults.get(number.accountSid);
  const now = world.clock.ms();
  return {
    sid: newSid('CH'), accountSid: number.accountSid, serviceSid: configuration.serviceSid, createdAt: now,
    updatedAt: now, messagingServiceSid: number.messagingServiceSid ?? defaults?.messagingServiceSid ?? '',
    friendlyName: message.from, uniqueName: null, attributes: '{}', state: 'active',
    inactiveTimer: defaults?.inactiveTimer ?? null, closedTimer: defaults?.closedTimer ?? null, activeAt: now,
    nextIndex: 0, createdBy: 'system', email: null,
  };
}

function attachWebhook(world: World, conversation: Conversation, configuration: AddressConfiguration): void {
  if (configuration.creation === 'default') return;
  world.store.scopedWebhooks.save({
    sid: newSid('WH'), accountSid: conversation.accountSid, conversationSid: conversation.sid,
    serviceSid: conversation.serviceSid, createdAt: conversation.createdAt, updatedAt: conversation.createdAt,
    target: configuration.creation, url: configuration.webhookUrl, method: configuration.webhookMethod,
    filters: configuration.webhookFilters, triggers: [], flowSid: configuration.studioFlowSid,
  });
}
