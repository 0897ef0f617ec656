import type { Form } from '../form.js';
import type { Call } from '../router.js';
import { badRequest } from '../twilio-error.js';
import { parseInstant } from '../wire.js';
import type { Origin } from './hooks.js';

/** 16 KB on a conversation, 4 KB on a message, participant or user (facts A.11). */
export const CONVERSATION_ATTRIBUTES = 16 * 1_024;
export const MEMBER_ATTRIBUTES = 4 * 1_024;

/** Attributes are JSON in text; undefined where the form says nothing. */
export function attributesFrom(form: Form, limit: number): string | undefined {
  const text = form.get('Attributes');
  return text === undefined ? undefined : checkAttributes(text, limit);
}

export function checkAttributes(text: string, limit: number): string {
  if (Buffer.byteLength(text) > limit) throw badRequest(50303, 'Attributes too long');
  try {
    JSON.parse(text);
  } catch {
    throw badRequest(50304, 'Attributes not valid JSON');
  }
  return text;
}

/** `DateCreated` and `DateUpdated` may be given, for imports. */
export function instantFrom(form: Form, name: 'DateCreated' | 'DateUpdated'): number | undefined {
  const text = form.filled(name);
  if (text === undefined) return undefined;
  const ms = parseInstant(text);
  if (ms === undefined) throw badRequest(20001, `${name} is not an ISO 8601 date`);
  return ms;
}

/** A REST call is heard by webhooks only if it says so; the loop guard of facts C.3. */
export const byRest = (call: Call): Origin => ({ source: 'API', fires: call.hooksWanted });
