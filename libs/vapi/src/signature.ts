import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

export interface VapiRequest {
  headers: Record<string, string | string[] | undefined>;
  /** The bytes of the body as they came. */
  rawBody: Buffer;
}

/** A signature that names its time is good for so long, in milliseconds. */
const FRESH_MS = 300_000;
/** Smaller numbers are seconds: as milliseconds they would be in 1973. */
const SMALLEST_MS = 100_000_000_000;

/**
 * Whether somebody sent this who knows the secret, in any of the ways that Vapi has for it: an HMAC (SHA-256) over the raw body, with or without its
 * time before it; the secret itself in `X-Vapi-Secret`; or as a Bearer token. A request that is signed has to be signed rightly.
 */
export function isFromVapi({ headers, rawBody }: VapiRequest, secret: string, nowMs: number): boolean {
  const header = (...names: string[]): string | undefined => names.map((name) => headers[name]).find((value): value is string => typeof value === 'string');
  const signature = header('x-vapi-signature', 'x-signature');
  if (signature !== undefined) return isSigned(signature, header('x-timestamp', 'x-vapi-timestamp'), rawBody, { secret, nowMs });
  const given = header('x-vapi-secret') ?? bearerOf(header('authorization'));
  return given !== undefined && isSame(given, secret);
}

/** The token of `Authorization: Bearer <token>`. */
export const bearerOf = (authorization: string | undefined): string | undefined => /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];

function isSigned(signature: string, timestamp: string | undefined, rawBody: Buffer, { secret, nowMs }: { secret: string; nowMs: number }): boolean {
  if (timestamp !== undefined && !isFresh(timestamp, nowMs)) return false;
  const payload = timestamp === undefined ? rawBody : Buffer.concat([Buffer.from(`${timestamp}.`), rawBody]);
  const expected = createHmac('sha256', secret).update(payload).digest();
  const given = signature.replace(/^(?:sha256|v1)[=,]/i, '');
  return [expected.toString('hex'), expected.toString('base64')].some((text) => isSame(given, text));
}

function isFresh(timestamp: string, nowMs: number): boolean {
  if (!/^\d{9,14}$/.test(timestamp)) return false;
  const value = Number(timestamp);
  return Math.abs(nowMs - (value < SMALLEST_MS ? value * 1_000 : value)) <= FRESH_MS;
}

/** In a time that says nothing of where the two differ, nor of how long the secret is. */
export function isSame(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

/** What a request about one call shows to be let in: which call, and that we have written it. The same call has the same ticket. */
export const ticketOf = (callSid: string, key: string): string => `${callSid}.${createHmac('sha256', key).update(`vapi:${callSid}`).digest('base64url')}`;

/** @returns the call; null for a ticket that is not ours */
export function callOfTicket(ticket: string | undefined, key: string): string | null {
  const [callSid = ''] = (ticket ?? '').split('.', 1);
  return callSid !== '' && isSame(ticket!, ticketOf(callSid, key)) ? callSid : null;
}
