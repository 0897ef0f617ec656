import { invalid } from '@throughline/kernel/errors.js';
import { type CompletionRequest, completionRequest, serverEnvelope, type ServerMessage } from '@throughline/vapi/wire.types.js';
import type { z } from 'zod';

export const parseMessage = (bytes: Buffer): ServerMessage => parse(serverEnvelope, bytes).message;
export const parseCompletion = (bytes: Buffer): CompletionRequest => parse(completionRequest, bytes);

/** `transcript` for `transcript[transcriptType="final"]`. */
export const kindOf = ({ type }: ServerMessage): string => type.split('[', 1)[0]!;

/** @throws HubError `invalid`, naming the fields */
function parse<T extends z.ZodType>(schema: T, bytes: Buffer): z.infer<T> {
  const result = schema.safeParse(json(bytes));
  if (result.success) return result.data;
  const fields = result.error.issues.map((issue) => ({ path: issue.path.join('.') || 'body', message: issue.message }));
  throw invalid(`This is not what Vapi sends: ${fields.map((field) => `${field.path}: ${field.message}`).join('; ')}`, fields);
}

function json(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}
