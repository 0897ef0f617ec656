import type { Binding, Conversation, Participant } from '../entities.js';
import type { Form } from '../form.js';
import { newSid } from '../sids.js';
import { badRequest } from '../twilio-error.js';
import { isoMillis } from '../wire.js';
import type { World } from '../world.js';
import { countAction } from './aps.js';
import { attributesFrom, instantFrom, MEMBER_ATTRIBUTES } from './attributes.js';
import { newParticipantParams, participantParams } from './event-params.js';
import { firePost, firePre, type Change, type Origin } from './hooks.js';
import { bindingOf, refuseDuplicate, wantedFrom } from './participant-rules.js';
import { refuseClosed } from './states.js';
import { userFor } from './users.js';

interface NewParticipant {
  identity: string | null;
  binding: Binding | null;
  attributes?: string | undefined;
  roleSid?: string | undefined;
  createdAt?: number | undefined;
  updatedAt?: number | undefined;
}

/** What a form asks for, checked against the account and the shape rules. */
export function participantFrom(world: World, conversation: Conversation, form: Form): NewParticipant {
  const wanted = wantedFrom(form);
  return {
    identity: wanted.identity ?? null, binding: bindingOf(world, conversation.accountSid, wanted),
    attributes: attributesFrom(form, MEMBER_ATTRIBUTES), roleSid: roleFrom(world, conversation, form),
    createdAt: instantFrom(form, 'DateCreated'), updatedAt: instantFrom(form, 'DateUpdated'),
  };
}

/** Lets somebody in. Nothing is sent to anybody's handset by it (facts A.5). */
export async function joinConversation(
  world: World, conversation: Conversation, wanted: NewParticipant, origin: Origin,
): Promise<Participant> {
  refuseClosed(world, conversation);
  refuseDuplicate(world, conversation, wanted.identity, wanted.binding);
  countAction(world, conversation.sid);
  const row = draft(world, conversation, wanted);
  await firePre(world, conversation, { event: 'onParticipantAdd', origin, params: newParticipantParams(row) });
  refuseDuplicate(world, conversation, wanted.identity, wanted.binding);
  return keepParticipant(world, conversation, row, origin);
}

export function draft(world: World, conversation: Conversation, wanted: NewParticipant): Participant {
  const now = world.clock.ms();
  return {
    sid: newSid('MB'), accountSid: conversation.accountSid, conversationSid: conversation.sid,
    serviceSid: conversation.serviceSid, createdAt: wanted.createdAt ?? now, updatedAt: wanted.updatedAt ?? now,
    identity: wanted.identity, attributes: wanted.attributes ?? '{}', binding: wanted.binding,
    roleSid: wanted.roleSid ?? world.store.services.get(conversation.serviceSid)?.memberRoleSid ?? null,
    lastReadIndex: null, lastReadAt: null,
  };
}

export function keepParticipant(
  world: World, conversation: Conversation, row: Participant, origin: Origin,
): Participant {
  world.store.participants.save(row);
  if (row.identity !== null) userFor(world, conversation, row.identity, origin);
  firePost(world, conversation, { event: 'onParticipantAdded', origin, params: participantParams(row, 'added') });
  world.feed.emit('conversation', conversation);
  return row;
}

export async function changeParticipant(
  world: World, conversation: Conversation, row: Participant, change: Change,
): Promise<Participant> {
  const { form, origin } = change;
  refuseClosed(world, conversation);
  countAction(world, conversation.sid);
  const changed = { ...row, ...changesFrom(world, conversation, row, form) };
  await firePre(world, conversation, {
    event: 'onParticipantUpdate', origin, params: participantParams(row, 'updated'),
  });
  world.store.participants.save(changed);
  firePost(world, conversation, {
    event: 'onParticipantUpdated', origin, params: participantParams(changed, 'updated'),
  });
  return changed;
}

function changesFrom(world: World, conversation: Conversation, row: Participant, form: Form): Partial<Participant> {
  const index = form.filled('LastReadMessageIndex');
  const binding = rebound(world, conversation, row, form);
  return {
    binding,
    identity: form.filled('Identity') ?? row.identity,
    attributes: attributesFrom(form, MEMBER_ATTRIBUTES) ?? row.attributes,
    roleSid: roleFrom(world, conversation, form) ?? row.roleSid,
    lastReadIndex: index === undefined ? row.lastReadIndex : Number(index),
    lastReadAt: form.filled('LastReadTimestamp') ?? row.lastReadAt,
    createdAt: instantFrom(form, 'DateCreated') ?? row.createdAt,
    updatedAt: instantFrom(form, 'DateUpdated') ?? world.clock.ms(),
  };
}

/** The proxy may be changed, or taken away with the word `null`; the address never (facts A.5). */
function rebound(world: World, conversation: Conversation, row: Participant, form: Form): Binding | null {
  const proxy = form.get('MessagingBinding.ProxyAddress');
  const projected = form.get('MessagingBinding.ProjectedAddress');
  if (proxy === undefined && projected === undefined) return row.binding;
  if (!row.binding?.address && proxy !== undefined) {
    throw badRequest(50441, 'A proxy address needs a messaging binding address');
  }
  const plain = (text: string | undefined, now: string | undefined): string | undefined =>
    text === undefined ? now : text === 'null' ? undefined : text;
  const wanted = {
    identity: undefined, address: row.binding?.address, proxyAddress: plain(proxy, row.binding?.proxyAddress),
    projectedAddress: plain(projected, row.binding?.projectedAddress),
  };
  if (wanted.address === undefined && wanted.projectedAddress === undefined) return null;
  const binding = bindingOf(world, conversation.accountSid, wanted);
  if (binding?.proxyAddress !== row.binding?.proxyAddress) refuseDuplicate(world, conversation, null, binding);
  return binding;
}

function roleFrom(world: World, conversation: Conversation, form: Form): string | undefined {
  const sid = form.filled('RoleSid');
  if (sid === undefined) return undefined;
  const role = world.store.roles.get(sid);
  if (role?.serviceSid !== conversation.serviceSid) throw badRequest(50126, `There is no role ${sid} in this service`);
  return sid;
}

export async function removeParticipant(
  world: World, conversation: Conversation, row: Participant, origin: Origin,
): Promise<void> {
  refuseClosed(world, conversation);
  countAction(world, conversation.sid);
  await firePre(world, conversation, {
    event: 'onParticipantRemove', origin, params: participantParams(row, 'removed'),
  });
  world.store.participants.remove(row.sid);
  const params = { ...participantParams(row, 'removed'), DateRemoved: isoMillis(world.clock.ms()) };
  firePost(world, conversation, { event: 'onParticipantRemoved', origin, params });
  world.feed.emit('conversation', conversation);
}
