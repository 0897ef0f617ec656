import { createHash, timingSafeEqual } from 'node:crypto';
import twilio from 'twilio';

export interface SignedRequest {
  /** Exactly as Twilio requested it: scheme, host, path and query, no fragment. */
  url: string;
  signature: string | undefined;
  /** The bytes of the body as they came. */
  rawBody: Buffer;
  contentType: string | undefined;
}

/**
 * Whether one of `authTokens` signed this request (facts: twilio.com/docs/usage/security). Form parameters are read
 * from the raw bytes, because Express would nest a key such as `MessagingBinding[Address]` and lose the signature.
 */
export function isSignedByTwilio(request: SignedRequest, authTokens: readonly string[]): boolean {
  try {
    return isSigned(request, authTokens);
  } catch {
    // An address that is no URL, for example: whatever cannot be checked was not signed.
    return false;
  }
}

function isSigned(request: SignedRequest, authTokens: readonly string[]): boolean {
  const { signature } = request;
  if (!signature || authTokens.length === 0) return false;
  const json = request.contentType?.toLowerCase().includes('json') ?? false;
  if (json && !bodyMatchesHash(request)) return false;
  const parameters = json ? {} : formParameters(request.rawBody);
  return authTokens.some((token) => twilio.validateRequest(token, signature, request.url, parameters));
}

/** JSON bodies are not part of the signature; their SHA-256 in the signed query is. */
function bodyMatchesHash(request: SignedRequest): boolean {
  const claimed = new URL(request.url).searchParams.get('bodySHA256');
  if (!claimed) return false;
  const actual = Buffer.from(createHash('sha256').update(request.rawBody).digest('hex'));
  const expected = Buffer.from(claimed.toLowerCase());
  return actual.length === expected.length && timingSafeEqual(actual, expected);
}

/** Form body -> parameters; a key that comes more than once has all its values. */
export function formParameters(rawBody: Buffer): Record<string, string | string[]> {
  const parameters: Record<string, string | string[]> = Object.create(null) as Record<string, string | string[]>;
  for (const [key, value] of new URLSearchParams(rawBody.toString('utf8'))) {
    const known = parameters[key];
    if (known === undefined) parameters[key] = value;
    else if (Array.isArray(known)) known.push(value);
    else parameters[key] = [known, value];
  }
  return parameters;
}
