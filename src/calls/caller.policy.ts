import { createHash } from 'node:crypto';

/**
 * Numbers that stand for "no number" on Twilio's wire: ANONYMOUS, RESTRICTED, BLOCKED, UNKNOWN and UNAVAILABLE, spelled on a keypad.
 */
const PLACEHOLDERS = new Set(['+266696687', '+7378742833', '+2562533', '+8656696', '+86282452253']);

const E164 = /^\+[1-9]\d{6,14}$/;

/** The highest attestation of STIR/SHAKEN: the caller's carrier knows them, and that the number is theirs. */
const ATTESTED = 'TN-Validation-Passed-A';

export interface CallerId {
  /** The number, or a name of its own for this call alone. */
  address: string;
  /** Whether the number may be believed. */
  proved: boolean;
  /** What a caller without a number calls itself (`sip:ada@example.test`). */
  displayName?: string;
}

/**
 * Who calls. Caller ids are easily forged: only an attested one is somebody's. Whoever has no number is nobody we know, each time
 * anew: two anonymous callers are not one person.
 *
 * @param believed the tenant believes every caller id, attested or not
 */
export function callerOf({ callSid, from, verstat }: { callSid: string; from: string; verstat: string | undefined }, believed: boolean): CallerId {
  const number = from.trim();
  if (E164.test(number) && !PLACEHOLDERS.has(number)) return { address: number, proved: believed || verstat === ATTESTED };
  const address = `anonymous-${createHash('sha256').update(callSid).digest('hex').slice(0, 12)}`;
  return /^(sip|client):/i.test(number) ? { address, proved: false, displayName: number.slice(0, 100) } : { address, proved: false };
}
