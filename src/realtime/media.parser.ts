import { mediaFrame, type MediaFrame } from '@throughline/twilio/voice.types.js';

const KNOWN = new Set(['connected', 'start', 'media', 'dtmf', 'mark', 'stop']);

/** A frame of a call's sound. Null for a kind that we do not know. */
export function mediaFrameIn(text: string): MediaFrame | 'malformed' | null {
  try {
    const parsed = JSON.parse(text) as { event?: unknown } | null;
    const result = mediaFrame.safeParse(parsed);
    if (result.success) return result.data;
    return typeof parsed?.event === 'string' && !KNOWN.has(parsed.event) ? null : 'malformed';
  } catch {
    return 'malformed';
  }
}
