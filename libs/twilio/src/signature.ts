import { createHash, timingSafeEqual } from 'node:crypto';
import twilio from 'twilio';

export type FormParameters = Record<string, string | string[]>;

export interface SignedRequest {
  /** Exactly as Twilio requested it: scheme, host, path and query, no fragment. */
  url: string;
  signature: string | undefined;
  /** The bytes of the body as they came. */
  rawBody: Buffer;
  contentType: string | undefined;
  /** The parameters of the body, from whoever has read them already. */
  form?: FormParameters;
}

/** An HMAC-SHA1 in base64. */
const SIGNATURE = /^[A-Za-z0-9+/]{27}=$/;

/** Of a form. Twilio sends some dozens. */
const MOST_PARAMETERS = 300;

/**
 * Whether Twilio could have sent it at all. Asked before any of it is read or hashed: anybody may send us webhooks, as large and
 * as many as they like, and each parameter costs time.
 */
export function isPlausible({ signature, rawBody, contentType }: Pick<SignedRequest, 'signature' | 'rawBody' | 'contentType'>): boolean {
  return SIGNATURE.test(signature ?? '') && (isJson(contentType) || !hasMoreThan(MOST_PARAMETERS, rawBody));
}

const isJson = (contentType: string | undefined): boolean => contentType?.toLowerCase().includes('json') ?? false;

function hasMoreThan(parameters: number, rawBody: Buffer): boolean {
  let at = -1;
  for (let seen = 0; seen < parameters; seen += 1) {
    at = rawBody.indexOf('&', at + 1);
    if (at < 0) return false;
  }
  return true;
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
  const { signature, contentType, rawBody, url } = request;
  if (!signature || authTokens.length === 0 || !isPlausible(request)) return false;
  const json = isJson(contentType);
  if (json && !bodyMatchesHash(request)) return false;
  // Put together here, once: the package would do it for each token and each way to write the address.
  const parameters = { [json ? '' : signedText(request.form ?? formParameters(rawBody))]: '' };
  return authTokens.some((token) => twilio.validateRequest(token, signature, url, parameters));
}

/** What is signed of a form: each name with its value, sorted by name; of a name that comes again each value once, sorted too. */
function signedText(form: FormParameters): string {
  const values = (value: string | string[]): string[] => (Array.isArray(value) ? [...new Set(value)].sort() : [value]);
  return Object.keys(form).sort().flatMap((name) => values(form[name]!).map((value) => name + value)).join('');
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
export function formParameters(rawBody: Buffer): FormParameters {
  const parameters = Object.create(null) as FormParameters;
  for (const [key, value] of new URLSearchParams(rawBody.toString('utf8'))) {
    const known = parameters[key];
    if (known === undefined) parameters[key] = value;
    else if (Array.isArray(known)) known.push(value);
    else parameters[key] = [known, value];
  }
  return parameters;
}
