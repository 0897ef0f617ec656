import type { ChatService, Conversation, ConversationMessage, Participant } from '../entities.js';
import type { Handler, Route, Call } from '../router.js';
import { route } from '../router.js';
import { notFound } from '../twilio-error.js';
import type { World } from '../world.js';

export const HOST = 'conversations.twilio.com';

/** Which conversation service a path is about, and in which of its two forms it was written. */
export interface Scope {
  accountSid: string;
  service: ChatService;
  /** `https://conversations.twilio.com/v1`, or with `/Services/IS…` behind it. */
  base: string;
  /** True for `/v1/Services/IS…/…`: its answers name the service. */
  long: boolean;
}

/** Shortened paths are about the account's default service; all others need the long form (facts A.1). */
export function scopeOf(world: World, call: Call): Scope {
  const long = call.at.service !== undefined;
  const sid = call.at.service ?? world.store.defaults.get(call.account.sid)?.serviceSid ?? '';
  const service = world.store.services.get(sid);
  if (service?.accountSid !== call.account.sid) throw notFound(call.path);
  return { accountSid: call.account.sid, service, long, base: `https://${HOST}/v1${long ? `/Services/${sid}` : ''}` };
}

/** The same handler under the short path and under the service's. */
export const both = (method: string, template: string, handler: Handler): Route[] => [
  route(method, HOST, `/v1${template}`, handler),
  route(method, HOST, `/v1/Services/:service${template}`, handler),
];

/** A conversation by its sid or its unique name, within the scope's service. */
export function findConversation(world: World, call: Call, scope: Scope): Conversation {
  const name = call.at.conversation ?? '';
  const conversation = world.store.conversations.get(name) ?? world.store.conversationByName.first(`${scope.service.sid} ${name}`);
  if (conversation?.serviceSid !== scope.service.sid) {
    throw notFound(call.path, world.switches.values.unknownConversationCode);
  }
  return conversation;
}

/** The scope and the conversation that a path names. */
export function placeOf(world: World, call: Call): { scope: Scope; conversation: Conversation } {
  const scope = scopeOf(world, call);
  return { scope, conversation: findConversation(world, call, scope) };
}

/** A participant by its sid, or by its identity as the fetch documents. */
export function findParticipant(world: World, call: Call, conversation: Conversation): Participant {
  const name = call.at.participant ?? '';
  const participant = world.store.participants.get(name)
    ?? world.store.participantsByConversation.of(conversation.sid).find((row) => row.identity === name);
  if (participant?.conversationSid !== conversation.sid) throw notFound(call.path);
  return participant;
}

export function findMessage(world: World, call: Call, conversation: Conversation): ConversationMessage {
  const message = world.store.conversationMessages.get(call.at.message ?? '');
  if (message?.conversationSid !== conversation.sid) throw notFound(call.path);
  return message;
}
