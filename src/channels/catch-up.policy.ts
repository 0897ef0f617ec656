/** How often Twilio's list is compared with the record: an hour offline costs a customer this much more at most. */
export const CATCH_UP_EVERY_MS = 300_000;

/** Twilio's lists may lag, and its clock is not ours: each round looks back over the end of the one before. */
const OVERLAP_MS = 600_000;
/** After a longer absence people have found another way; older texts stay in Twilio's log. */
const LONGEST_ABSENCE_MS = 3 * 86_400_000;

/** From when on to ask for a sender's texts. */
export function catchUpSince(sender: { caughtUpUntil: Date | null; createdAt: Date }, now: Date): Date {
  const from = (sender.caughtUpUntil ?? sender.createdAt).getTime() - OVERLAP_MS;
  return new Date(Math.max(from, now.getTime() - LONGEST_ABSENCE_MS));
}
