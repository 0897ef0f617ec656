import { relayFrame, type RelayFrame, type RelayReply } from '@throughline/twilio/voice.types.js';
import type { Next } from '../calls/calls.types.js';

/** The end of a socket, and what is to come next. */
export const ending = (next: Next): RelayReply => ({ type: 'end', handoffData: JSON.stringify({ next }) });

const KNOWN_FRAMES = new Set(['setup', 'prompt', 'dtmf', 'interrupt', 'info', 'error']);

/** A frame of a call's socket. Null for a kind that we do not know: Twilio adds some without notice. */
export function frameIn(text: string): RelayFrame | 'malformed' | null {
  try {
    const parsed = JSON.parse(text) as { type?: unknown } | null;
    const result = relayFrame.safeParse(parsed);
    if (result.success) return result.data;
    return typeof parsed?.type === 'string' && !KNOWN_FRAMES.has(parsed.type) ? null : 'malformed';
  } catch {
    return 'malformed';
  }
}
