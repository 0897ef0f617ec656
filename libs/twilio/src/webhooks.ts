import { invalid } from '@throughline/kernel/errors.js';
import type { z } from 'zod';

/** A webhook's parameters, as they stand in its form. */
export type Form = Record<string, string | string[]>;

/** @throws HubError `invalid`, naming the fields */
export function parseForm<T extends z.ZodType>(schema: T, form: Form): z.infer<T> {
  const result = schema.safeParse(form);
  if (result.success) return result.data;
  const fields = result.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
  throw invalid(`The webhook is not what Twilio sends: ${fields.map((field) => `${field.path}: ${field.message}`).join('; ')}`, fields);
}

/** Whoever restarts meanwhile is asked again: Twilio's connection overrides (twilio.com/docs/usage/webhooks/webhooks-connection-overrides). */
export const patient = (url: string): string => `${url}#rc=5&rp=all`;
