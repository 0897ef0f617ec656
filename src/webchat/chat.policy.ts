import { invalid, notFound } from '@throughline/kernel/errors.js';
import { isUuid, uuidOf } from '@throughline/kernel/ids.js';
import type { InboundMessage, Media, Message, Owner } from '../conversations/conversations.types.js';
import type { MediaFile } from '../media/media.types.js';
import type { ChatAttachment, ChatMessage, ChatOwner } from './chat.types.js';

/** A place in what was said at one address: in which of its conversations, from 1, and where in that. */
export interface Place {
  thread: number;
  seq: number;
}

export const LAST_SEQ = 2_147_483_647;
const DIGITS = 14;
/** Of a place, and in the cursor of a page of another one before it. */
const CURSOR = /^(\d{4})(\d{10})(\d{14})?$/;

/** Digits only, of one length: later places are greater as texts. */
export const cursorOf = ({ thread, seq }: Place): string => `${String(thread).padStart(4, '0')}${String(seq).padStart(10, '0')}`;

/** @throws HubError `invalid` */
export function placeOf(cursor: string): Place {
  const [, thread, seq] = CURSOR.exec(cursor) ?? [];
  if (!thread || Number(seq) > LAST_SEQ) throw invalid('This is no cursor that was given out here.', [{ path: 'after', message: 'unknown cursor' }]);
  return { thread: Number(thread), seq: Number(seq) };
}

/** Before what was still on its way when earlier pages passed it. */
export const gapOf = (cursor: string): Place | null => (cursor.length > DIGITS ? placeOf(cursor.slice(DIGITS)) : null);

/**
 * Where to go on after a page: from where it ended, but never for good past a message that is on its way. It shows up in its place, which others
 * have passed by then. So a page that more follow carries the place before it along, and the last one leads back there.
 */
export function cursorAfter(reached: Place, gaps: readonly (Place | null)[], isLast: boolean): string {
  const end = cursorOf(reached);
  const first = gaps.flatMap((gap) => (gap ? [cursorOf(gap)] : [])).toSorted()[0];
  if (first === undefined || first >= end) return end;
  return isLast ? first : end + first;
}

/** Which number a conversation has among those that the visitor was in. One that they came back to has its newest. */
export const threadNumber = (threads: readonly string[], conversationSid: string): number => threads.lastIndexOf(conversationSid) + 1;

/** The same visitor's same id is the same message. Says nothing of either. */
export const providerSidOf = (visitorId: string, clientId: string): string => `chat-${uuidOf(`${visitorId}/${clientId.toLowerCase()}`)}`;

/** What was said to this visitor and came by another way was not said here. */
export const isHere = ({ channel, address, via }: Message, visitorId: string): boolean => channel === 'chat' && address === visitorId && (via?.channel ?? channel) === channel;

const ON_THE_WAY: ReadonlySet<Message['status']> = new Set(['pending', 'sending', 'retry_wait']);
const SHOWN: ReadonlySet<Message['status']> = new Set(['received', 'sent', 'delivered', 'read']);

function shownStatus(status: Message['status']): ChatMessage['status'] {
  if (SHOWN.has(status)) return status as ChatMessage['status'];
  return ON_THE_WAY.has(status) ? 'sending' : 'failed';
}

/** A colleague's name as the record has it; what looks like an address stays in the house. */
function authorOf({ authorKind, author }: Message, assistantName: string): ChatMessage['author'] {
  if (authorKind === 'contact') return { kind: 'contact', name: null };
  if (authorKind === 'staff') return { kind: 'staff', name: author.includes('@') ? null : author };
  return { kind: 'assistant', name: assistantName };
}

/** @throws HubError `not_found` */
export function attachmentOf(id: string): { messageId: string; position: number } {
  const [messageId, position = ''] = id.split('.');
  if (!isUuid(messageId) || !/^\d{1,2}$/.test(position)) throw notFound('attachment', id);
  return { messageId, position: Number(position) };
}

function attachment(messageId: string, position: number, { contentType, name }: Media, file: MediaFile | undefined): ChatAttachment {
  const id = `${messageId}.${position}`;
  const state = !file ? 'pending' : file.state === 'stored' ? 'stored' : 'refused';
  return {
    id, href: `/api/chat/media/${id}`, contentType: file?.contentType ?? contentType, size: file?.size ?? null, name: name ?? null, state, reason: file?.reason ?? null,
  };
}

const attachmentsOf = (messageId: string, media: readonly Media[], files: readonly MediaFile[]): ChatAttachment[] => media.map((each, position) =>
  attachment(messageId, position, each, files.find((file) => file.messageId === messageId && file.position === position)));

/**
 * @param thread 0 where it has no place yet
 * @param files those of its attachments, or of others, that have been looked at
 */
export function shown(message: Message, thread: number, assistantName: string, files: readonly MediaFile[]): ChatMessage {
  const { id, seq, direction, body, status, turnId, createdAt, details } = message;
  return {
    id, clientId: details?.clientId ?? null, cursor: thread > 0 ? cursorOf({ thread, seq }) : null,
    direction: direction === 'inbound' ? 'inbound' : 'outbound', author: authorOf(message, assistantName), body,
    buttons: (details?.buttons ?? []).map((button) => ({ text: button.text })), attachments: attachmentsOf(id, message.media, files),
    status: shownStatus(status), turnId, createdAt: createdAt.toISOString(),
  };
}

/** What has just come in. @param place null while it waits for one */
export function shownNew(id: string, { body, media, details, receivedAt }: InboundMessage, place: Place | null): ChatMessage {
  return {
    id, clientId: details?.clientId ?? null, cursor: place && cursorOf(place), direction: 'inbound', author: { kind: 'contact', name: null }, body, buttons: [],
    attachments: attachmentsOf(id, media, []), status: 'received', turnId: null, createdAt: receivedAt.toISOString(),
  };
}

/** Who answers, in words that a visitor needs. A closed conversation is opened by writing, and the assistant answers. */
export function shownOwner(owner: Owner | null): ChatOwner {
  if (owner === 'specialist') return 'staff';
  return owner === 'queued' || owner === 'staff' ? owner : 'assistant';
}
