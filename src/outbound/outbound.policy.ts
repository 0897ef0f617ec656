import { outboundMachine } from './outbound.machine.js';
import type { OutboundCall, OutboundEvent, OutboundState } from './outbound.types.js';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** All that decides whether a call is begun now. */
export interface Sight {
  now: Date;
  latest: Date;
  /** Why the person may not be called, in words. */
  unwanted: string | null;
  /** The number is theirs for sure. */
  isTheirs: boolean;
  isEnabled: boolean;
  /** People have the conversation. */
  withPeople: boolean;
  quiet: { until: Date; cause: string } | null;
  /** They are on the phone with us, or their phone rings. */
  isOnPhone: boolean;
  /** Calls of the tenant that are under way, and how many there may be. */
  underWay: number;
  atOnce: number;
  /** When this number was called within a day, the earliest first, and how often it may be. */
  calledAt: readonly Date[];
  perDay: number;
}

export type Verdict =
  | { verdict: 'go' }
  /** `forOthers`: until another call ends, or then. */
  | { verdict: 'hold'; until: Date; cause: string; forOthers?: true }
  | { verdict: 'refuse'; cause: string };

const LOOK_AGAIN_MS = MINUTE_MS;

/** What never changes by waiting is refused; what does is waited for, where that is not too late. */
export function verdictOf(sight: Sight): Verdict {
  if (!sight.isEnabled) return { verdict: 'refuse', cause: 'the assistant is switched off' };
  if (!sight.isTheirs) return { verdict: 'refuse', cause: 'it is not sure any more that this number is theirs' };
  if (sight.unwanted) return { verdict: 'refuse', cause: sight.unwanted };
  const held = heldBy(sight);
  if (!held) return { verdict: 'go' };
  return held.until < sight.latest ? held : { verdict: 'refuse', cause: `${held.cause}; that is too late` };
}

function heldBy({ now, quiet, withPeople, isOnPhone, calledAt, perDay, underWay, atOnce }: Sight): Extract<Verdict, { verdict: 'hold' }> | null {
  const soon = new Date(now.getTime() + LOOK_AGAIN_MS);
  if (quiet) return { verdict: 'hold', ...quiet };
  if (calledAt.length >= perDay) {
    const first = calledAt[calledAt.length - perDay]?.getTime() ?? now.getTime();
    return { verdict: 'hold', until: new Date(first + DAY_MS), cause: `this number was called ${calledAt.length} times within a day` };
  }
  if (withPeople) return { verdict: 'hold', until: soon, cause: 'a colleague has the conversation' };
  if (isOnPhone) return { verdict: 'hold', until: soon, cause: 'they are on the phone' };
  if (underWay >= atOnce) return { verdict: 'hold', until: soon, cause: `${underWay} calls are under way`, forOthers: true };
  return null;
}

/** How a call has ended, as its last status tells; null while it has not. `failed` with SIP 480 is a phone that is switched off. */
export function endOf(status: string, sipCode: number | null): Extract<OutboundEvent, 'ended' | 'busy' | 'no_answer' | 'failed'> | null {
  switch (status) {
    case 'completed':
      return 'ended';
    case 'busy':
      return 'busy';
    case 'no-answer':
      return 'no_answer';
    case 'failed':
      return sipCode === 480 ? 'no_answer' : 'failed';
    case 'canceled':
      return 'failed';
    default:
      return null;
  }
}

/** A busy line and an empty room are tried again, where that was wished and is not too late. @returns when; null: not again */
export function triedAgainAt({ tries, againTimes, againAfterMinutes, latest }: OutboundCall, event: OutboundEvent, now: Date): Date | null {
  const at = new Date(now.getTime() + againAfterMinutes * MINUTE_MS);
  return (event === 'busy' || event === 'no_answer') && tries <= againTimes && at < latest ? at : null;
}

/** What machine detection says means for the call. Whatever is not surely a machine is a person. */
export function verdictOn(answeredBy: string, { whenMachine }: Pick<OutboundCall, 'whenMachine'>): Extract<OutboundEvent, 'machine' | 'message'> | null {
  if (answeredBy === 'fax') return 'machine';
  if (!answeredBy.startsWith('machine')) return null;
  if (whenMachine === 'leave_message') return answeredBy.startsWith('machine_end') ? 'message' : null;
  return 'machine';
}

/** Twilio adds up to five seconds to a ring (twilio.com/docs/voice/api/call-resource), and the word of its end has to come. */
const RING_EXTRA_MS = 30 * SECOND_MS;

/** How long a state may last, in milliseconds: then Twilio is asked. */
export function limitOf(state: OutboundState, ringSeconds: number): number {
  switch (state) {
    case 'ringing':
      return ringSeconds * SECOND_MS + RING_EXTRA_MS;
    case 'placing':
      return 15 * MINUTE_MS;
    case 'leaving':
      return MINUTE_MS;
    default:
      return 5 * MINUTE_MS;
  }
}

/** Their phone rings, or somebody is on it, by this call of ours. */
export const UNDER_WAY: readonly OutboundState[] = ['placing', 'ringing', 'talking', 'leaving'];
export const isUnderWay = (state: OutboundState): boolean => UNDER_WAY.includes(state);

/** It has ended here while the phone may still ring, or somebody listen. */
export const isToBeEnded = ({ state, callSid, isOver }: Pick<OutboundCall, 'state' | 'callSid' | 'isOver'>): boolean =>
  callSid !== null && !isOver && (state === 'cancelled' || state === 'machine' || state === 'failed' || state === 'no_answer');

const GREETING = 'What stands as the customer\'s words in this call is its greeting.';

/** What the thread tells the assistant and colleagues of it; null where the words of the call say it all. */
export function noteOf({ state, purpose, background, message, cause }: OutboundCall): string | null {
  const about = `about: ${purpose}`;
  switch (state) {
    case 'talking':
      return `We have called the customer, ${about}. They have picked up, and are told so now.${background ? ` For you to know: ${background}` : ''}`;
    case 'message_left':
      return `An answering machine took the call ${about}. ${GREETING} It was left this message: ${message}`;
    case 'machine':
      return `An answering machine or a fax took the call ${about}. ${GREETING} Nothing was left on it: the customer was not reached.`;
    case 'no_answer':
      return `We called the customer, ${about}. Nobody answered: they were not reached.`;
    case 'busy':
      return `We called the customer, ${about}. The line was busy: they were not reached.`;
    case 'failed':
    case 'refused':
    case 'expired':
      return `The customer was not called ${about}. The cause: ${cause}.`;
    default:
      return null;
  }
}

/** The customer waits for a call that will not come: people have to see to it. */
export const isOwed = ({ state, askedAt }: OutboundCall): boolean => askedAt !== null && (state === 'failed' || state === 'refused' || state === 'expired');

export const isFinal = (state: OutboundState): boolean => outboundMachine.isFinal(state);
