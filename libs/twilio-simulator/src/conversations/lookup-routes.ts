import type { Participant } from '../entities.js';
import { Form } from '../form.js';
import { metaPage } from '../pages.js';
import { created, ok, type Answer, type Call, type Route } from '../router.js';
import { badRequest, conflict, TwilioError } from '../twilio-error.js';
import { isoSeconds } from '../wire.js';
import type { World } from '../world.js';
import { byRest } from './attributes.js';
import { conversationFrom, openConversation } from './conversation-actions.js';
import { conversationJson } from './json.js';
import { joinConversation, participantFrom } from './participant-actions.js';
import { refuseDuplicate } from './participant-rules.js';
import { both, scopeOf, type Scope } from './scope.js';
import { timersOf } from './timers.js';

export function lookupRoutes(world: World): Route[] {
  return [
    ...both('GET', '/ParticipantConversations', (call) => ok(list(world, call))),
    ...both('POST', '/ConversationWithParticipants', (call) => createWith(world, call)),
  ];
}

/** Where somebody takes part, in conversations of every state (facts B.4). */
function list(world: World, call: Call): Record<string, unknown> {
  const scope = scopeOf(world, call);
  const [identity, address] = [call.query.filled('Identity'), call.query.filled('Address')];
  if (identity !== undefined && address !== undefined) {
    throw badRequest(50451, 'Identity and Address must not be given together');
  }
  if (identity === undefined && address === undefined) throw badRequest(20001, 'Identity or Address is required');
  const rows = identity !== undefined
    ? world.store.participantsByIdentity.of(`${scope.service.sid} ${identity}`)
    : world.store.participantsByAddress.of(`${scope.service.sid} ${address}`);
  return metaPage(call, { key: 'conversations', rows, render: (row) => membershipJson(world, row, scope), max: 50 });
}

function membershipJson(world: World, row: Participant, scope: Scope): Record<string, unknown> {
  const conversation = world.store.conversations.get(row.conversationSid)!;
  const user = row.identity === null ? undefined : world.store.userByIdentity.first(`${row.serviceSid} ${row.identity}`);
  const { binding } = row;
  return {
    account_sid: row.accountSid, chat_service_sid: row.serviceSid, participant_sid: row.sid,
    participant_user_sid: user?.sid ?? null, participant_identity: row.identity,
    // Here, and only here, the binding shows all its fields, empty ones too (facts A.5).
    participant_messaging_binding: binding && {
      address: binding.address ?? null, proxy_address: binding.proxyAddress ?? null, type: binding.type, level: null,
      name: null, projected_address: binding.projectedAddress ?? null,
    },
    conversation_sid: conversation.sid, conversation_unique_name: conversation.uniqueName,
    conversation_friendly_name: conversation.friendlyName, conversation_attributes: conversation.attributes,
    conversation_date_created: isoSeconds(conversation.createdAt),
    conversation_date_updated: isoSeconds(conversation.updatedAt), conversation_created_by: conversation.createdBy,
    conversation_state: conversation.state, conversation_timers: timersOf(conversation),
    links: {
      participant: `${scope.base}/Conversations/${conversation.sid}/Participants/${row.sid}`,
      conversation: `${scope.base}/Conversations/${conversation.sid}`,
    },
  };
}

/** All or nothing: one participant that cannot join fails the call with 50425 (facts A.10). */
async function createWith(world: World, call: Call): Promise<Answer> {
  const scope = scopeOf(world, call);
  const texts = call.form.all('Participant');
  if (texts.length > 10) throw badRequest(50426, 'At most 10 participants can be added with the conversation');
  const row = conversationFrom(world, scope, call.form);
  const wanted = texts.map((text) => participantFrom(world, row, participantForm(text)));
  try {
    for (const one of wanted) refuseDuplicate(world, row, one.identity, one.binding);
  } catch (error) {
    if (error instanceof TwilioError) throw conflict(50425, `A participant cannot be added: ${error.message}`);
    throw error;
  }
  await openConversation(world, row, byRest(call));
  for (const one of wanted) await joinConversation(world, row, one, byRest(call));
  return created(conversationJson(row, scope, false));
}

/** A participant written as JSON with the resource's own names, as a form. */
function participantForm(text: string): Form {
  let parsed: {
    identity?: string; attributes?: unknown; role_sid?: string; messaging_binding?: Record<string, string>,
  };
  try {
    parsed = JSON.parse(text) as typeof parsed;
  } catch {
    throw badRequest(20001, 'Participant is not JSON');
  }
  const form = new Form();
  const put = (name: string, value: unknown): void => {
    if (typeof value === 'string') form.add(name, value);
  };
  put('Identity', parsed.identity);
  put('Attributes', parsed.attributes);
  put('RoleSid', parsed.role_sid);
  put('MessagingBinding.Address', parsed.messaging_binding?.address);
  put('MessagingBinding.ProxyAddress', parsed.messaging_binding?.proxy_address);
  put('MessagingBinding.ProjectedAddress', parsed.messaging_binding?.projected_address);
  return form;
}
