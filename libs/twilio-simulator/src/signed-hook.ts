import type { PendingHook } from './entities.js';
import { signForm, withoutFragment, type HookParams } from './signature.js';

interface SignedHook {
  url: string;
  body: string;
  signature: string | null;
}

/** @param fault webhook-wrong-signature or webhook-unsigned: spoilt so */
export function signedHook(hook: PendingHook, token: string, fault?: string): SignedHook {
  const encoded = encode(hook.params);
  const bare = withoutFragment(hook.url);
  const url = hook.method === 'GET' ? `${bare}${bare.includes('?') ? '&' : '?'}${encoded}` : bare;
  const key = fault === 'webhook-wrong-signature' ? `not ${token}` : token;
  const signature = fault === 'webhook-unsigned' ? null : signForm(key, url, hook.method === 'GET' ? {} : hook.params);
  return { url, body: hook.method === 'GET' ? '' : encoded, signature };
}

export const hookHeaders = (hook: PendingHook, signature: string | null): Record<string, string> => ({
  'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8',
  'User-Agent': 'TwilioProxy/1.1',
  Accept: '*/*',
  'X-Home-Region': 'us1',
  'I-Twilio-Idempotency-Token': hook.token,
  ...(signature === null ? {} : { 'X-Twilio-Signature': signature }),
});

function encode(params: HookParams): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(params)) for (const one of [value].flat()) form.append(name, one);
  return form.toString();
}
