import type { Conversation, ConversationState } from '../entities.js';
import type { Form } from '../form.js';
import { newSid } from '../sids.js';
import { badRequest, conflict } from '../twilio-error.js';
import { isoMillis } from '../wire.js';
import type { World } from '../world.js';
import { countAction } from './aps.js';
import { attributesFrom, CONVERSATION_ATTRIBUTES, instantFrom } from './attributes.js';
import { conversationParams, newConversationParams } from './event-params.js';
import { firePost, firePre, type Change, type Origin } from './hooks.js';
import type { Scope } from './scope.js';
import { changeState, refuseClosed } from './states.js';
import { arm, timerFrom } from './timers.js';

/** Twilio does not publish how long a unique name may be (50004 exists); friendly names end at 256. */
const NAME_LIMIT = 256;

/** A conversation as a form describes it, checked, not yet kept. */
export function conversationFrom(world: World, scope: Scope, form: Form): Conversation {
  const defaults = world.store.defaults.get(scope.accountSid);
  const now = world.clock.ms();
  const [inactiveTimer, closedTimer] = [timerFrom(form, 'Timers.Inactive'), timerFrom(form, 'Timers.Closed')];
  if (form.filled('State') === undefined && (inactiveTimer || closedTimer) && world.switches.values.timersNeedState) {
    throw badRequest(50382, 'State must be specified when timers are set');
  }
  return {
    sid: newSid('CH'), accountSid: scope.accountSid, serviceSid: scope.service.sid,
    createdAt: instantFrom(form, 'DateCreated') ?? now, updatedAt: instantFrom(form, 'DateUpdated') ?? now,
    messagingServiceSid: messagingServiceFrom(world, scope, form) ?? defaults?.messagingServiceSid ?? '',
    friendlyName: nameFrom(form, 'FriendlyName') ?? null, uniqueName: uniqueNameFrom(world, scope, form) ?? null,
    attributes: attributesFrom(form, CONVERSATION_ATTRIBUTES) ?? '{}', state: initialState(form),
    inactiveTimer: inactiveTimer ?? defaults?.inactiveTimer ?? null,
    closedTimer: closedTimer ?? defaults?.closedTimer ?? null, activeAt: now, nextIndex: 0, createdBy: 'system',
    email: emailFrom(form),
  };
}

/** Keeps a conversation and tells of it. The pre-action hook has its say first. */
export async function openConversation(world: World, row: Conversation, origin: Origin): Promise<Conversation> {
  countAction(world, row.serviceSid);
  const changes = await firePre(world, { accountSid: row.accountSid, serviceSid: row.serviceSid }, {
    event: 'onConversationAdd', origin, params: newConversationParams(row),
  });
  row.friendlyName = changes.friendly_name ?? row.friendlyName;
  // Another call may have taken the name while the hook was thinking.
  if (row.uniqueName !== null) refuseTakenName(world, row.serviceSid, row.uniqueName);
  return keepConversation(world, row, origin);
}

function keepConversation(world: World, row: Conversation, origin: Origin): Conversation {
  world.store.conversations.save(row);
  world.feed.emit('conversation', row);
  firePost(world, row, { event: 'onConversationAdded', origin, params: conversationParams(row) });
  arm(world, row);
  return row;
}

export async function changeConversation(
  world: World, scope: Scope, row: Conversation, change: Change,
): Promise<Conversation> {
  const { form, origin } = change;
  refuseClosed(world, row);
  const to = stateFrom(form);
  const name = uniqueNameFrom(world, scope, form, row);
  const attributes = attributesFrom(form, CONVERSATION_ATTRIBUTES);
  const [inactive, closed] = [timerFrom(form, 'Timers.Inactive'), timerFrom(form, 'Timers.Closed')];
  const service = messagingServiceFrom(world, scope, form);
  const friendlyName = nameFrom(form, 'FriendlyName');
  const email = emailFrom(form);
  const changes = await firePre(world, row, { event: 'onConversationUpdate', origin, params: conversationParams(row) });
  const now = world.clock.ms();
  row.friendlyName = changes.friendly_name ?? (friendlyName === undefined ? row.friendlyName : friendlyName || null);
  if (name !== undefined) row.uniqueName = name || null;
  row.attributes = attributes ?? row.attributes;
  if (inactive !== undefined) row.inactiveTimer = inactive;
  if (closed !== undefined) row.closedTimer = closed;
  row.messagingServiceSid = service ?? row.messagingServiceSid;
  row.email = email ?? row.email;
  row.createdAt = instantFrom(form, 'DateCreated') ?? row.createdAt;
  row.updatedAt = instantFrom(form, 'DateUpdated') ?? now;
  const restarts = world.switches.values.timersResetOn === 'any' || [inactive, closed, to].some((one) => one !== undefined);
  if (restarts) row.activeAt = now;
  world.store.conversations.save(row);
  firePost(world, row, { event: 'onConversationUpdated', origin, params: conversationParams(row) });
  if (to !== undefined) changeState(world, row, { to, reason: 'API', at: now, origin });
  else world.feed.emit('conversation', row);
  arm(world, row);
  return row;
}

export async function removeConversation(world: World, row: Conversation, origin: Origin): Promise<void> {
  countAction(world, row.serviceSid);
  await firePre(world, row, { event: 'onConversationRemove', origin, params: conversationParams(row) });
  const { store } = world;
  const params = { ...conversationParams(row), DateRemoved: isoMillis(world.clock.ms()) };
  firePost(world, row, { event: 'onConversationRemoved', origin, params });
  for (const message of store.messagesByConversation.of(row.sid)) {
    for (const receipt of store.receiptsByMessage.of(message.sid)) store.receipts.remove(receipt.sid);
    store.conversationMessages.remove(message.sid);
  }
  for (const participant of store.participantsByConversation.of(row.sid)) store.participants.remove(participant.sid);
  for (const hook of store.scopedByConversation.of(row.sid)) store.scopedWebhooks.remove(hook.sid);
  store.conversations.remove(row.sid);
  world.feed.emit('conversation', { ...row, removed: true });
}

function nameFrom(form: Form, name: string): string | undefined {
  const text = form.get(name);
  if (text !== undefined && text.length > NAME_LIMIT) {
    throw badRequest(50003, `${name} is longer than ${NAME_LIMIT} characters`);
  }
  return text;
}

/** A name must not pass for a sid (50390) and is unique in its service, also against closed conversations (50353). */
function uniqueNameFrom(world: World, scope: Scope, form: Form, self?: Conversation): string | undefined {
  const name = form.get('UniqueName');
  if (name === undefined || name === '') return name;
  if (name.length > NAME_LIMIT) throw badRequest(50004, 'Unique name too long');
  if (/^CH[0-9a-f]{32}$/i.test(name)) {
    throw badRequest(50390, 'Unique name must not match the pattern of a Conversation SID');
  }
  if (name !== self?.uniqueName) refuseTakenName(world, scope.service.sid, name);
  return name;
}

function refuseTakenName(world: World, serviceSid: string, name: string): void {
  if (world.store.conversationByName.first(`${serviceSid} ${name}`)) {
    throw conflict(50353, 'Conversation with provided unique name already exists');
  }
}

function messagingServiceFrom(world: World, scope: Scope, form: Form): string | undefined {
  const sid = form.filled('MessagingServiceSid');
  if (sid === undefined) return undefined;
  if (world.store.messagingServices.get(sid)?.accountSid !== scope.accountSid) {
    throw badRequest(50373, `There is no Messaging Service ${sid}`);
  }
  return sid;
}

function stateFrom(form: Form): ConversationState | undefined {
  const text = form.get('State');
  if (text === undefined) return undefined;
  if (text === '') throw badRequest(50374, 'Conversation state must not be empty');
  if (text !== 'active' && text !== 'inactive' && text !== 'closed') {
    throw badRequest(50378, `"${text}" is not a conversation state`);
  }
  return text;
}

function initialState(form: Form): ConversationState {
  const state = stateFrom(form) ?? 'active';
  if (state === 'closed') throw badRequest(50384, 'A Conversation cannot be created in state closed');
  return state;
}

function emailFrom(form: Form): Conversation['email'] {
  const [address, name] = [form.filled('Bindings.Email.Address'), form.filled('Bindings.Email.Name')];
  return address === undefined && name === undefined ? null : {
    ...(address ? { address } : {}), ...(name ? { name } : {}),
  };
}
