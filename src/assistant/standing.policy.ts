import type { Message } from '../conversations/conversations.types.js';
import type { Turn } from './assistant.types.js';

/**
 * Whether a turn still has something to answer, as the thread has it. An attempt that died after speaking left
 * its words there; and a colleague may have answered before handing back.
 */
export function standingOf(turn: Turn, thread: readonly Message[]): 'open' | 'said_before' | 'stale' {
  if (thread.some((message) => message.turnId === turn.id)) return 'said_before';
  const answered = thread.some(({ seq, direction, authorKind }) =>
    seq > turn.upToSeq && direction === 'outbound' && authorKind === 'staff');
  return answered ? 'stale' : 'open';
}
