import { createHash, createHmac } from 'node:crypto';

/** Parameters of a webhook: a repeated key is a list. */
export type HookParams = Record<string, string | string[]>;

/**
 * `X-Twilio-Signature`, written from Twilio's description and not from its package, so that the hub's own
 * check has a second opinion: HMAC-SHA1 under the account's primary token over the URL and, sorted by name, each name
 * followed by its value. A repeated name counts each distinct value once, sorted.
 */
export function signForm(token: string, url: string, params: HookParams): string {
  const signed = createHmac('sha1', token).update(withoutFragment(url), 'utf8');
  for (const name of Object.keys(params).sort()) {
    for (const value of distinct(params[name]!)) signed.update(name + value, 'utf8');
  }
  return signed.digest('base64');
}

/** A JSON body travels as its hash in the query; then only the URL is signed. */
export function signBody(token: string, url: string, body: string): { url: string; signature: string } {
  const bare = withoutFragment(url);
  const hashed = `${bare}${bare.includes('?') ? '&' : '?'}bodySHA256=${bodySha256(body)}`;
  return { url: hashed, signature: signForm(token, hashed, {}) };
}

export const bodySha256 = (body: string): string => createHash('sha256').update(body, 'utf8').digest('hex');

/** The fragment carries connection overrides for Twilio itself; it is neither sent nor signed. */
export function withoutFragment(url: string): string {
  const at = url.indexOf('#');
  return at < 0 ? url : url.slice(0, at);
}

function distinct(value: string | string[]): string[] {
  return Array.isArray(value) ? [...new Set(value)].sort() : [value];
}
