import type { HookMethod } from '../entities.js';
import type { Form } from '../form.js';
import { badRequest } from '../twilio-error.js';

const LONGEST_TWIML = 4_000;

/** Url wins over Twiml where both are given (32019). @throws 21205 for what is no address, 32018 beyond 4,000 characters */
export function documentOf(form: Form): { url: string; method: HookMethod } | { twiml: string } | undefined {
  const [url, twiml] = [form.filled('Url'), form.filled('Twiml')];
  if (url !== undefined) {
    if (!isWebAddress(url)) throw badRequest(21205, `Url is not a valid URL: ${url}`);
    return { url, method: hookMethod(form, 'Method') };
  }
  if (twiml !== undefined && twiml.length > LONGEST_TWIML) throw badRequest(32018, 'Twiml is too large');
  return twiml === undefined ? undefined : { twiml };
}

/** Twilio calls back nobody whose name has an underscore. */
export const isWebAddress = (url: string): boolean =>
  /^https?:\/\//i.test(url) && URL.canParse(url) && !new URL(url).hostname.includes('_');

export const hookMethod = (form: Form, name: string): HookMethod => (form.get(name)?.toUpperCase() === 'GET' ? 'GET' : 'POST');
