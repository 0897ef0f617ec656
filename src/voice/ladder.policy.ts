import type { Call } from '../calls/calls.types.js';
import type { Owner } from '../conversations/conversations.types.js';

/**
 * Who a caller is handed to: the assistant by a socket or by one request at a time, or voicemail;
 * they wait for a specialist; or the call is over. There is always a rung
 * below, and the last one needs nobody.
 */
export type Rung = 'relay' | 'gather' | 'voicemail' | 'transfer' | 'hang_up';

/** A line to us that broke is made anew so often. */
const MOST_RESUMES = 2;
/** Sockets that were asked for in one call, whatever became of them. */
const MOST_TRIES = 6;
/** Twilio could not open the socket at all: asking for the same again will not help. */
const NOT_OPENED = new Set(['64101', '64102', '64109']);

/** Somebody calls. The assistant does not talk over people who have the conversation, nor where it is switched off. */
export function firstRung({ owner, isEnabled }: { owner: Owner | null; isEnabled: boolean }): Rung {
  const isFree = owner === null || owner === 'assistant' || owner === 'closed';
  return isEnabled && isFree ? 'relay' : 'voicemail';
}

export interface SocketEnd {
  status: string;
  errorCode: string | undefined;
  /** What whoever spoke wanted to come next. */
  next: 'voicemail' | 'hang_up' | 'transfer' | null;
}

/** The socket is closed and the caller still there. Somebody who ended it in good order says what comes next. */
export function nextRung({ state, sessions }: Pick<Call, 'state' | 'sessions'>, tries: number, { status, errorCode, next }: SocketEnd): Rung {
  if (status === 'ended') return next ?? 'voicemail';
  if (tries >= MOST_TRIES || sessions > MOST_RESUMES || state === 'voicemail') return 'voicemail';
  if (sessions === 0 || (errorCode !== undefined && NOT_OPENED.has(errorCode))) return 'gather';
  return 'relay';
}
