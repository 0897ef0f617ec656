import type { Message, MessageStatus } from '../conversations/conversations.types.js';
import type { Recall } from '../memory/memory.types.js';
import type { Turn } from './assistant.types.js';

/** The customer does not have it, and not because they want nothing. */
const NOT_THERE: ReadonlySet<MessageStatus> = new Set(['failed', 'undelivered']);

/**
 * Whether a turn still has something to answer, as the thread has it. An attempt that died after speaking left
 * its words there; and a colleague may have answered before handing back.
 */
export function standingOf(turn: Turn, thread: readonly Message[]): 'open' | 'said_before' | 'stale' {
  if (thread.some((message) => message.turnId === turn.id)) return 'said_before';
  const answered = thread.some(({ seq, direction, authorKind, status }) =>
    seq > turn.upToSeq && direction === 'outbound' && authorKind === 'staff' && !NOT_THERE.has(status));
  return answered ? 'stale' : 'open';
}

/** Whether something that was written has no answer yet, in writing or on the phone. What a call begins with is none. */
export function isWrittenOpen(thread: readonly Message[]): boolean {
  const answered = thread.findLast(({ direction, authorKind, turnId, status }) =>
    direction === 'outbound' && (authorKind === 'staff' || (authorKind === 'assistant' && turnId !== null)) && !NOT_THERE.has(status))?.seq ?? 0;
  return thread.some(({ seq, direction, authorKind, channel }) => seq > answered && direction === 'inbound' && authorKind === 'contact' && channel !== 'voice');
}

/** What was asked was written: where nobody heard the answer on the phone it is answered in writing. */
export const isOfWriting = async ({ upToSeq }: Turn, recall: Promise<Recall>): Promise<boolean> =>
  recall.then(({ turns }) => turns.some(({ seq, channel }) => seq === upToSeq && channel !== 'voice'), () => false);
