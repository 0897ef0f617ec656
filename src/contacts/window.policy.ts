import type { WhatsappWindow } from './contacts.types.js';

const MINUTE = 60_000;

/** WhatsApp takes free text for this long after the person's last message; later it fails with 63016 (twilio.com/docs/api/errors/63016). */
export const WHATSAPP_TAKES_MS = 24 * 60 * MINUTE;

/**
 * How much earlier the house stops. WhatsApp counts from when the person wrote to when our text reaches it; we know when a
 * webhook reached us and when we begin to send. In between: a webhook that Twilio had to repeat (`#rc=3`: four tries of 15 s),
 * our own call (15 s at the most), Twilio's queue (our rate is below WhatsApp's, so seconds), and two clocks that differ. All
 * of it is under two minutes; five cost a window of 1,440 next to nothing.
 */
export const MARGIN_MS = 5 * MINUTE;

/** From then on it is worth telling people that they have little time. */
const CLOSING_MS = 60 * MINUTE;

/** How the window stands for somebody who last wrote then; null for somebody who never did. */
export function windowAt(lastWroteAt: Date | null, now: Date): WhatsappWindow {
  if (!lastWroteAt) return { state: 'closed', closesAt: null };
  const closesAt = new Date(lastWroteAt.getTime() + WHATSAPP_TAKES_MS - MARGIN_MS);
  const left = closesAt.getTime() - now.getTime();
  return { state: left <= 0 ? 'closed' : left <= CLOSING_MS ? 'closing' : 'open', closesAt };
}
