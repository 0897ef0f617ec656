import type { Message } from '../conversations/conversations.types.js';
import type { Delivery } from './delivery.types.js';

type Said = Pick<Message, 'id' | 'authorKind' | 'createdAt'>;

/** How long a message waits for the ones before it. A customer notices the wrong order, but also ten minutes of silence. */
const ORDER_MS = 10 * 60_000;
/** How long after its time an attempt may be late before its worker counts as lost and nobody waits for it. */
const LATE_MS = 60_000;
/** The one before is being sent or about to be: it is a matter of moments. */
const LOOK_AGAIN_MS = 250;

/**
 * When to look again, because a message to the same address was said earlier and is still on its way; null when this one
 * may go. What the assistant said before a colleague's words stays behind at its next attempt, so they do not wait for it.
 */
export function waitsForEarlier(message: Said, before: readonly Said[], underWay: readonly Delivery[], now: Date): Date | null {
  if (now.getTime() - message.createdAt.getTime() > ORDER_MS) return null;
  const soon = new Date(now.getTime() + LOOK_AGAIN_MS);
  const waits = before.flatMap((earlier) => {
    const parts = underWay.filter((delivery) => delivery.messageId === earlier.id);
    if (parts.some(isHeld)) return [];
    if (message.authorKind === 'staff' && earlier.authorKind === 'assistant') return parts.some((part) => isBeingSent(part, now)) ? [soon] : [];
    if (parts.length === 0) return isFresh(earlier.createdAt, now) ? [soon] : [];
    return parts.flatMap((part) => waitFor(part, now, soon) ?? []);
  });
  return waits.length === 0 ? null : new Date(Math.min(...waits.map((wait) => wait.getTime())));
}

function waitFor(part: Delivery, now: Date, soon: Date): Date | null {
  if (part.state === 'sending') return isBeingSent(part, now) ? soon : null;
  if (part.state === 'pending') return isFresh(part.createdAt, now) ? soon : null;
  if (!part.retryAt || part.retryAt.getTime() + LATE_MS < now.getTime()) return null;
  return part.retryAt > soon ? part.retryAt : soon;
}

/** Nothing waits until the morning for what itself waits for the morning. */
const isHeld = (part: Delivery): boolean => part.state === 'retry_wait' && part.heldUntil !== null && part.retryAt?.getTime() === part.heldUntil.getTime();

const isBeingSent = (part: Delivery, now: Date): boolean =>
  part.state === 'sending' && part.leaseUntil !== null && part.leaseUntil.getTime() + LATE_MS > now.getTime();

const isFresh = (since: Date, now: Date): boolean => now.getTime() - since.getTime() < ORDER_MS;
