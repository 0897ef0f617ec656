import type { ChatMessage, DraftPiece, Words } from './wire.types.js';

/** A file that the hub has taken, before its message is sent. */
export interface Enclosed {
  id: string;
  name: string;
  contentType: string;
  size: number;
}

/** Words of the visitor's that the hub has not confirmed. */
export interface Outgoing {
  clientId: string;
  body: string;
  attachments: Enclosed[];
  /** ISO 8601, by this browser's clock. */
  createdAt: string;
  state: 'waiting' | 'sending' | 'failed';
  reason: string | null;
}

export type Entry =
  | { kind: 'message'; key: string; message: ChatMessage }
  | { kind: 'outgoing'; key: string; outgoing: Outgoing };

/** Cursors are opaque but ordered: later ones are greater. What has none yet comes last. */
export const isLater = (cursor: string | null, than: string | null): boolean => cursor === null || than === null || cursor > than;

function inOrder(one: ChatMessage, other: ChatMessage): number {
  if (one.cursor === other.cursor) return one.createdAt < other.createdAt ? -1 : 1;
  return isLater(other.cursor, one.cursor) && one.cursor !== null ? -1 : 1;
}

/** Every message once, in the thread's order; what comes again replaces what is known of it. */
export function merged(known: readonly ChatMessage[], more: readonly ChatMessage[]): ChatMessage[] {
  const byId = new Map(known.map((message) => [message.id, message]));
  for (const message of more) {
    const before = byId.get(message.id);
    byId.set(message.id, { ...message, cursor: message.cursor ?? before?.cursor ?? null, status: furthest(before?.status, message.status) });
  }
  return [...byId.values()].sort(inOrder);
}

const ORDER: ChatMessage['status'][] = ['sending', 'sent', 'received', 'delivered', 'read', 'failed'];

/** News may overtake each other; what has been read stays read. */
export function furthest(known: ChatMessage['status'] | undefined, news: ChatMessage['status']): ChatMessage['status'] {
  return known !== undefined && ORDER.indexOf(known) > ORDER.indexOf(news) ? known : news;
}

/** Of two pieces of one draft the later one counts, in whatever order they come. */
export function drafted(drafts: readonly DraftPiece[], piece: DraftPiece): DraftPiece[] {
  const known = drafts.find(({ turnId }) => turnId === piece.turnId);
  if (known && known.index >= piece.index) return [...drafts];
  return [...drafts.filter((draft) => draft !== known), piece];
}

/** Drafts whose message is not there yet. */
export const stillDrafts = (drafts: readonly DraftPiece[], messages: readonly ChatMessage[]): DraftPiece[] =>
  drafts.filter(({ turnId }) => !messages.some((message) => message.turnId === turnId));

/** Words that are not in the thread yet. */
export const stillOutgoing = (outgoing: readonly Outgoing[], messages: readonly ChatMessage[]): Outgoing[] =>
  outgoing.filter(({ clientId }) => !messages.some((message) => message.clientId === clientId));

/** The visitor's own message keeps its place on the page when the hub has confirmed it. */
export function entriesOf(messages: readonly ChatMessage[], outgoing: readonly Outgoing[]): Entry[] {
  return [
    ...messages.map((message): Entry => ({ kind: 'message', key: message.clientId ?? message.id, message })),
    ...stillOutgoing(outgoing, messages).map((one): Entry => ({ kind: 'outgoing', key: one.clientId, outgoing: one })),
  ];
}

export const unreadOf = (messages: readonly ChatMessage[], readUpTo: string | null): ChatMessage[] =>
  messages.filter(({ direction, status, cursor }) => direction === 'outbound' && status !== 'read' && cursor !== null && isLater(cursor, readUpTo));

/** Suggested replies go when anything is said after them. */
export function suggestionsOf(entries: readonly Entry[]): string[] {
  const last = entries.at(-1);
  return last?.kind === 'message' && last.message.direction === 'outbound' ? last.message.buttons.map(({ text }) => text) : [];
}

export function wordsOf({ clientId, body, attachments }: Outgoing): Words {
  return { clientId, body, ...(attachments.length > 0 ? { attachments: attachments.map(({ id }) => id) } : {}) };
}
