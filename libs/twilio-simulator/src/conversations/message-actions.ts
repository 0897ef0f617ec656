import type { Conversation, ConversationMessage, Participant } from '../entities.js';
import type { Form } from '../form.js';
import { isContentVariables, renderContent } from '../content/contents.js';
import { isOptedOut, scopeOf } from '../messaging/opt-out.js';
import { ownSender } from '../messaging/senders.js';
import { startMessage } from '../messaging/walk.js';
import { outsideWindow } from '../messaging/whatsapp-window.js';
import { newSid } from '../sids.js';
import { badRequest, notFound } from '../twilio-error.js';
import { isoMillis } from '../wire.js';
import type { World } from '../world.js';
import { countAction } from './aps.js';
import { attributesFrom, checkAttributes, instantFrom, MEMBER_ATTRIBUTES } from './attributes.js';
import { messageParams, newMessageParams } from './event-params.js';
import { authorOf, legsOf, type Leg } from './fan-out.js';
import { firePost, firePre, type Change, type Origin } from './hooks.js';
import { changeState, refuseClosed } from './states.js';
import { arm } from './timers.js';

interface NewMessage {
  author: string;
  body: string | null;
  attributes?: string | undefined;
  contentSid?: string | undefined;
  media?: ConversationMessage['media'] | undefined;
  createdAt?: number | undefined;
  updatedAt?: number | undefined;
}

export function messageFrom(world: World, form: Form): NewMessage {
  if (form.filled('MediaSid') !== undefined) throw notFound(`media ${form.get('MediaSid')}`);
  const contentSid = form.filled('ContentSid');
  const body = contentSid === undefined ? bodyFrom(world, form) : templateText(world, form, contentSid);
  return {
    author: form.filled('Author') ?? 'system', body: body ?? null, attributes: attributesFrom(form, MEMBER_ATTRIBUTES),
    contentSid, createdAt: instantFrom(form, 'DateCreated'), updatedAt: instantFrom(form, 'DateUpdated'),
  };
}

/** The rendered text becomes the body; what was given as Body is ignored (facts A.6). */
function templateText(world: World, form: Form, contentSid: string): string {
  const variables = form.filled('ContentVariables');
  if (variables !== undefined && !isContentVariables(variables)) {
    throw badRequest(50529, 'Content variables are not a JSON object');
  }
  const text = renderContent(world, contentSid, variables);
  if (text === undefined) throw badRequest(50526, `There is no content template ${contentSid}`);
  return text;
}

function bodyFrom(world: World, form: Form): string | undefined {
  const body = form.get('Body');
  const limit = world.switches.values.conversationBodyLimit;
  if (body !== undefined && [...body].length > limit) {
    throw badRequest(50504, `Message body is longer than ${limit} characters`);
  }
  return body;
}

/** Somebody says something; the pre-action hook may change or refuse it. */
export async function say(
  world: World, conversation: Conversation, said: NewMessage, origin: Origin,
): Promise<ConversationMessage> {
  refuseClosed(world, conversation);
  countAction(world, conversation.sid);
  const members = world.store.participantsByConversation.of(conversation.sid);
  refuseStranger(said.author, members);
  const row = draft(world, conversation, said, members);
  const changes = await firePre(world, conversation, { event: 'onMessageAdd', origin, params: newMessageParams(row) });
  if (changes.body !== undefined) row.body = changes.body;
  if (changes.attributes !== undefined) row.attributes = checkAttributes(changes.attributes, MEMBER_ATTRIBUTES);
  if (changes.author !== undefined) {
    row.author = changes.author;
    row.participantSid = authorOf(changes.author, members)?.sid ?? null;
  }
  return keepMessage(world, conversation, row, origin);
}

/** In a group MMS only a member may be the author (50513); anywhere else anybody's name will do (facts B.1). */
function refuseStranger(author: string, members: Participant[]): void {
  const group = members.some((one) => one.binding !== null && !one.binding.proxyAddress);
  if (group && !authorOf(author, members)) {
    throw badRequest(50513, 'The author of a group MMS message must be a participant');
  }
}

export function draft(
  world: World, conversation: Conversation, said: NewMessage, members: Participant[],
): ConversationMessage {
  const now = world.clock.ms();
  return {
    sid: newSid('IM'), accountSid: conversation.accountSid, conversationSid: conversation.sid,
    serviceSid: conversation.serviceSid, createdAt: said.createdAt ?? now,
    updatedAt: said.updatedAt ?? said.createdAt ?? now, index: -1, author: said.author, body: said.body,
    attributes: said.attributes ?? '{}', participantSid: authorOf(said.author, members)?.sid ?? null,
    contentSid: said.contentSid ?? null, media: said.media ?? [],
  };
}

/** Gives the message its place, tells of it, wakes an inactive conversation and sends the legs. */
export function keepMessage(
  world: World, conversation: Conversation, row: ConversationMessage, origin: Origin,
): ConversationMessage {
  row.index = conversation.nextIndex;
  conversation.nextIndex += 1 + world.switches.values.indexGap;
  conversation.activeAt = world.clock.ms();
  world.store.conversations.save(conversation);
  world.store.conversationMessages.save(row);
  firePost(world, conversation, {
    event: 'onMessageAdded', origin, params: messageParams(row, 'added', conversation.messagingServiceSid),
  });
  if (conversation.state === 'inactive') changeState(world, conversation, {
    to: 'active', reason: 'EVENT', at: conversation.activeAt, origin: { source: origin.source, fires: true },
  });
  else world.feed.emit('conversation', conversation);
  for (const leg of legsOf(row.author, world.store.participantsByConversation.of(conversation.sid))) sendLeg(
    world, conversation, row, leg,
  );
  arm(world, conversation);
  return row;
}

/** One outbound message and one receipt; never a StatusCallback (facts B.1, C.7). */
function sendLeg(world: World, conversation: Conversation, row: ConversationMessage, leg: Leg): void {
  const account = world.accounts.get(conversation.accountSid);
  if (!account) return;
  const now = world.clock.ms();
  const receiptSid = newSid('DY');
  const sender = ownSender(world, leg.from);
  const optedOut = isOptedOut(world, account.sid, leg.to, sender ? scopeOf(sender) : leg.from);
  const late = row.contentSid === null && outsideWindow(world, account.sid, leg.to);
  const message = startMessage(world, {
    account, direction: 'outbound-api', from: leg.from, to: leg.to, body: row.body ?? '', mediaUrls: [],
    messagingServiceSid: conversation.messagingServiceSid || null, statusCallback: null, receiptSid,
    blockedBy: optedOut ? 21610 : late ? 63016 : undefined,
  });
  world.store.receipts.save({
    sid: receiptSid, accountSid: account.sid, conversationSid: conversation.sid, serviceSid: conversation.serviceSid,
    createdAt: now, updatedAt: now, messageSid: row.sid, channelMessageSid: message.sid,
    participantSid: leg.participant.sid, status: null, errorCode: 0,
  });
}

/** Changes the record; what is on handsets stays as it is. */
export async function changeMessage(
  world: World, conversation: Conversation, row: ConversationMessage, change: Change,
): Promise<ConversationMessage> {
  const { form, origin } = change;
  refuseClosed(world, conversation);
  countAction(world, conversation.sid);
  const body = bodyFrom(world, form);
  const attributes = attributesFrom(form, MEMBER_ATTRIBUTES);
  const draftRow = {
    ...row, body: body ?? row.body, attributes: attributes ?? row.attributes,
    author: form.filled('Author') ?? row.author,
  };
  const changes = await firePre(world, conversation, {
    event: 'onMessageUpdate', origin, params: messageParams(draftRow, 'changed'),
  });
  const changed: ConversationMessage = {
    ...draftRow, body: changes.body ?? draftRow.body, attributes: changes.attributes ?? draftRow.attributes,
    author: changes.author ?? draftRow.author, createdAt: instantFrom(form, 'DateCreated') ?? row.createdAt,
    updatedAt: instantFrom(form, 'DateUpdated') ?? world.clock.ms(),
  };
  world.store.conversationMessages.save(changed);
  firePost(world, conversation, { event: 'onMessageUpdated', origin, params: messageParams(changed, 'changed') });
  world.feed.emit('conversation', conversation);
  return changed;
}

export async function removeMessage(
  world: World, conversation: Conversation, row: ConversationMessage, origin: Origin,
): Promise<void> {
  refuseClosed(world, conversation);
  countAction(world, conversation.sid);
  await firePre(world, conversation, { event: 'onMessageRemove', origin, params: messageParams(row, 'changed') });
  for (const receipt of world.store.receiptsByMessage.of(row.sid)) world.store.receipts.remove(receipt.sid);
  world.store.conversationMessages.remove(row.sid);
  const params = { ...messageParams(row, 'changed'), DateRemoved: isoMillis(world.clock.ms()) };
  firePost(world, conversation, { event: 'onMessageRemoved', origin, params });
  world.feed.emit('conversation', conversation);
}
