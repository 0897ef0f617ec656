import type { Call, Next } from '../calls/calls.types.js';
import type { Owner } from '../conversations/conversations.types.js';
import type { VoiceEngine } from '../tenancy/tenancy.types.js';

/**
 * Who a caller is handed to: the assistant by an engine or by one request at a time, or voicemail; they wait for a specialist; or the call is
 * over. There is always a rung below, and the last one needs nobody.
 */
export type Rung = VoiceEngine | 'gather' | 'voicemail' | 'transfer' | 'hang_up';

/** A line to us that broke is made anew so often. */
const MOST_RESUMES = 2;
/** Sockets that were asked for in one call, whatever became of them. */
const MOST_TRIES = 6;
/** Twilio could not open the socket at all: asking for the same again will not help. */
const NOT_OPENED = new Set(['64101', '64102', '64109']);

/** Who answers where this engine cannot. */
export const below = (engine: VoiceEngine): Rung => (engine === 'relay' ? 'gather' : 'relay');

/** Nobody but the assistant has the conversation. */
export const isFree = (owner: Owner | null): boolean => owner === null || owner === 'assistant' || owner === 'closed';

/** Somebody calls, or begins anew. The assistant does not talk over people who have the conversation, nor where it is switched off; sockets are not asked for for ever. */
export function firstRung({ owner, isEnabled, engine, tries }: { owner: Owner | null; isEnabled: boolean; engine: VoiceEngine; tries: number }): Rung {
  return isEnabled && isFree(owner) && tries < MOST_TRIES ? engine : 'voicemail';
}

export interface LineEnd {
  /** Which engine the line was for. */
  engine: VoiceEngine;
  status: string;
  errorCode: string | undefined;
  /** What whoever spoke wanted to come next. */
  next: Next | null;
}

/** The line to an engine is closed and the caller still there. Somebody who ended it in good order says what comes next. */
export function nextRung({ state, sessions }: Pick<Call, 'state' | 'sessions'>, tries: number, { engine, status, errorCode, next }: LineEnd): Rung {
  if (status === 'ended') return next === 'lower' ? below(engine) : (next ?? 'voicemail');
  if (tries >= MOST_TRIES || sessions > MOST_RESUMES || state === 'voicemail') return 'voicemail';
  if (sessions === 0 || (errorCode !== undefined && NOT_OPENED.has(errorCode))) return below(engine);
  return engine;
}
