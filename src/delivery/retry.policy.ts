import { backoff } from '@throughline/queues/job-runner.js';
import type { Delivery, SendFailure } from './delivery.types.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/**
 * How long a message is tried. Twilio's longer outages and a credential that somebody has to mend take hours, not minutes;
 * and after half a working day a reply answers a question that the customer has put to somebody else.
 */
export const WORTH_SENDING_MS = 4 * HOUR;
/**
 * How long the provider may show a message that nobody knows before people are asked. A message of ours that is being
 * saved, or one that staff sent past us, is accounted for much sooner.
 */
export const UNCLEAR_MS = 10 * MINUTE;
/** How often a message is sent anew after the carrier gave it back: the first such wait is a minute, the last one four. */
export const MOST_RESENDS = 3;

/** An attempt that is under way renews it in good time, so that it only runs out on a process that died. */
export const LEASE_MS = 30_000;

const FIRST_WAIT_MS = 1_000;
const FIRST_RESEND_MS = MINUTE;
/** Twilio's lists may lag behind its writes by some seconds: a message that is "absent" sooner may only be late. */
const SETTLE_MS = 5_000;

/** The last look before a claimed attempt leaves: the claim may be a while ago. */
export const mayStillLeave = (until: Date | null, now: Date): boolean => until === null || now < until;

/** Errors that may be gone by the next attempt, `config` among them: tokens are rotated, accounts are topped up. */
const PASSING: ReadonlySet<SendFailure['class']> = new Set(['retry', 'ask', 'config']);

/** What had to wait for the morning is as fresh then as the sun. */
const worthUntil = ({ heldUntil, createdAt }: Delivery): number => (heldUntil ?? createdAt).getTime() + WORTH_SENDING_MS;

/** When to try again, or null when it makes no sense any more. */
export function nextAttempt(delivery: Delivery, failure: SendFailure, now: Date, random = Math.random): Date | null {
  if (!PASSING.has(failure.class)) return null;
  const next = now.getTime() + retryWait(delivery.attempt, failure, random);
  const clearBy = failure.unclear ? (delivery.claimedAt ?? delivery.createdAt).getTime() + UNCLEAR_MS : Infinity;
  return next > Math.min(worthUntil(delivery), clearBy) ? null : new Date(next);
}

/** When to send a message anew that the carrier gave back, or null when it was given back too often or too late. */
export function nextResend(delivery: Delivery, now: Date, random = Math.random): Date | null {
  const resends = delivery.retiredSids.length;
  const next = now.getTime() + backoff(resends + 1, FIRST_RESEND_MS, 0, random);
  return resends >= MOST_RESENDS || next > worthUntil(delivery) ? null : new Date(next);
}

/** How long to wait before the next attempt, in milliseconds: doubling, up to five minutes. */
function retryWait(attempt: number, failure: SendFailure, random: () => number): number {
  const wait = backoff(attempt, FIRST_WAIT_MS, failure.retryAfterMs, random);
  return failure.class === 'ask' ? Math.max(SETTLE_MS, wait) : wait;
}

/** When to ask the provider for a receipt that has not come: soon, then ever more seldom, for three days. */
export const nextReceiptCheck = (sentAt: Date, now: Date): Date | null => nextOf([2 * MINUTE, 15 * MINUTE, 2 * HOUR, 12 * HOUR, 72 * HOUR], sentAt, now);

/** When to look again for a message of which nobody knows whether it went out. */
export const nextLook = (claimedAt: Date, now: Date): Date | null =>
  nextOf([15 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 5 * HOUR, 12 * HOUR, 24 * HOUR, 72 * HOUR], claimedAt, now);

function nextOf(ages: readonly number[], start: Date, now: Date): Date | null {
  const age = now.getTime() - start.getTime();
  const next = ages.find((candidate) => candidate > age + 1_000);
  return next === undefined ? null : new Date(start.getTime() + next);
}
