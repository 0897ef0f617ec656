import type { TwilioFailure } from '@throughline/twilio/errors.js';

/** A call that somebody wants to be placed. Addresses are absolute, and each of them names `id`, so that every webhook says which call it is about. */
export interface Wanted {
  /** New for each call: asked for again, it is the same call. */
  id: string;
  to: string;
  from: string;
  ringSeconds: number;
  /** What whoever answers comes to. */
  answerUrl: string;
  /** Told that the call was begun, and how it ended. */
  statusUrl: string;
  /** Told who or what has answered, while they are spoken to already. `message_end`: of a machine only when its greeting is over. */
  detection?: { until: 'answer' | 'message_end'; url: string } | undefined;
}

export type Placed =
  /** By this try or by one before it. Whoever wants the call notes it with `attach`. */
  | { outcome: 'placed'; callSid: string }
  /** Somebody else is at it, or has died at it: to be asked again then. */
  | { outcome: 'wait'; until: Date }
  /** Twilio will not place it, and has not. */
  | { outcome: 'refused'; failure: TwilioFailure };

/** One try after the other to place one call. */
export interface Placement {
  callSid: string | null;
  /** How often it was tried. More than once only where nobody knew whether the time before came to something. */
  tries: number;
  leaseUntil: Date | null;
  /** When it was first tried. */
  placedAt: Date;
}
