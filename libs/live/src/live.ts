import { EventEmitter } from 'node:events';

/** Who is meant: an address on a channel. */
interface To {
  tenantId: string;
  channel: string;
  address: string;
}

/** Everything that is worth seeing while it happens. Ids and what is shown; who needs more reads it. */
export interface Happenings {
  /** A message is in the thread. */
  recorded: To & { messageId: string };
  /** What became of a message that goes out. */
  status: To & { messageId: string; status: string };
  /** Another owner. */
  owner: { tenantId: string; conversationSid: string; owner: string };
  /** Somebody on our side writes, or does not any more. */
  typing: To & { by: 'assistant' | 'staff'; name: string | null; on: boolean };
  /** The assistant's words so far. `index` counts from 0 in a turn. */
  draft: To & { turnId: string; index: number; text: string };
  /** @param said whether the words are in the thread now, and so on their way */
  draftEnd: To & { turnId: string; said: boolean };
  /** What processes told each other may not have arrived for a while: at this one, or everywhere. */
  gap: { everywhere: boolean };
}

const bus = new EventEmitter();
// One listener for each kind and door; more of them is a leak.
bus.setMaxListeners(20);

/**
 * Tells whoever listens in this process. Nothing is kept and nobody is waited for: what has to arrive is a row. Doors carry it on
 * to the other processes. Never throws.
 */
export function tell<K extends keyof Happenings>(kind: K, what: Happenings[K]): void {
  bus.emit(kind, what);
}

/**
 * @param listen must not throw
 * @returns ends it
 */
export function hear<K extends keyof Happenings>(kind: K, listen: (what: Happenings[K]) => void): () => void {
  bus.on(kind, listen);
  return () => void bus.off(kind, listen);
}
