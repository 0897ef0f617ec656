import type { Sender } from '../tenancy/tenancy.types.js';

/** How often Twilio's list is compared with the record: an hour offline costs a customer this much more at most. */
export const CATCH_UP_EVERY_MS = 300_000;

/** Twilio's lists may lag, and its clock is not ours: each round looks back over the end of the one before. */
const OVERLAP_MS = 600_000;
/** After a longer absence people have found another way; older texts stay in Twilio's log. */
const LONGEST_ABSENCE_MS = 3 * 86_400_000;
/** How long a text that cannot be taken in is tried again, and its sender's list read from there. */
const PATIENCE_MS = 86_400_000;

/**
 * From when on a sender's texts are the tenant's. A number that was named to us may have been somebody else's until
 * then, another tenant's even; one that a webhook registered had been sending us its texts already.
 */
export function catchUpSince(sender: Pick<Sender, 'caughtUpUntil' | 'createdAt' | 'origin'>, now: Date): Date {
  const from = (sender.caughtUpUntil ?? sender.createdAt).getTime() - OVERLAP_MS;
  const belongsSince = sender.origin === 'api' ? sender.createdAt.getTime() : 0;
  return new Date(Math.max(from, belongsSince, now.getTime() - LONGEST_ABSENCE_MS));
}

/** Whether a text that could not be taken in has been tried for long enough. */
export const isGivenUp = (receivedAt: Date, now: Date): boolean => now.getTime() - receivedAt.getTime() > PATIENCE_MS;

/**
 * Up to when a sender's texts are in the record after a round: the oldest one that failed is asked for again.
 *
 * @param failed when the texts came that could not be taken in, oldest first
 */
export function caughtUpTo(failed: Date[], now: Date): Date {
  return failed.find((receivedAt) => !isGivenUp(receivedAt, now)) ?? now;
}
