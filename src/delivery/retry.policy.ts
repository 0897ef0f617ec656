import { backoff } from '@throughline/queues/job-runner.js';
import type { SendFailure } from './delivery.types.js';

/** About half an hour with the waits below; Twilio's own queue holds a message for up to ten hours after that. */
export const MAX_ATTEMPTS = 10;

const FIRST_WAIT_MS = 1_000;
/** Twilio's lists may lag behind its writes by some seconds: a message that is "absent" sooner may only be late. */
const SETTLE_MS = 5_000;

/** How long to wait before the next attempt, in milliseconds. */
export function retryWait(attempt: number, failure: SendFailure, random = Math.random): number {
  const wait = backoff(attempt, FIRST_WAIT_MS, failure.retryAfterMs, random);
  return failure.class === 'ask' ? Math.max(SETTLE_MS, wait) : wait;
}

/** When to ask the provider for a receipt that has not come: soon, then ever more seldom, for three days. */
export function nextReceiptCheck(sentAt: Date, now: Date): Date | null {
  const age = now.getTime() - sentAt.getTime();
  const next = CHECKS_MS.find((check) => check > age + 1_000);
  return next === undefined ? null : new Date(sentAt.getTime() + next);
}

const MINUTE = 60_000;
const CHECKS_MS = [2 * MINUTE, 15 * MINUTE, 120 * MINUTE, 12 * 60 * MINUTE, 72 * 60 * MINUTE];
