import { interruptible, type Interruptible } from './relay-settings.js';

/** What an app may send over a ConversationRelay socket. */
export type RelayFrame =
  | { type: 'text'; token: string; last: boolean; lang: string | undefined; interruptible: Interruptible | undefined; preemptible: boolean | undefined }
  | { type: 'play'; source: string; loop: number; interruptible: Interruptible | undefined; preemptible: boolean }
  | { type: 'sendDigits'; digits: string }
  | { type: 'language'; ttsLanguage: string | undefined; transcriptionLanguage: string | undefined }
  | { type: 'end'; handoffData: string | undefined };

type Fields = Record<string, unknown>;

/** @returns the frame, or what is wrong with it (64107) */
export function readFrame(text: string): RelayFrame | string {
  const fields = parsed(text);
  if (!fields) return 'Invalid message received: not a JSON object';
  const read = Object.hasOwn(READERS, String(fields.type)) ? READERS[String(fields.type)] : undefined;
  return read?.(fields) ?? `Invalid message received: ${JSON.stringify(fields.type ?? null)} with these fields`;
}

function parsed(text: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;
  } catch {
    return undefined;
  }
}

/** Each gives undefined where a field is missing or of the wrong kind. */
const READERS: Record<string, (fields: Fields) => RelayFrame | undefined> = {
  text: ({ token, last = false, lang, interruptible: cuts, preemptible }) =>
    typeof token === 'string' && typeof last === 'boolean'
      ? { type: 'text', token, last, lang: string(lang), interruptible: wish(cuts), preemptible: flag(preemptible) } : undefined,
  play: ({ source, loop = 1, interruptible: cuts, preemptible }) =>
    typeof source === 'string' && /^https?:\/\//.test(source) && typeof loop === 'number' && loop >= 0
      ? { type: 'play', source, loop, interruptible: wish(cuts), preemptible: flag(preemptible) ?? false } : undefined,
  sendDigits: ({ digits }) => (typeof digits === 'string' && /^[0-9*#wW]+$/.test(digits) ? { type: 'sendDigits', digits } : undefined),
  language: ({ ttsLanguage, transcriptionLanguage }) => {
    const [tts, transcription] = [string(ttsLanguage), string(transcriptionLanguage)];
    return tts || transcription ? { type: 'language', ttsLanguage: tts, transcriptionLanguage: transcription } : undefined;
  },
  end: ({ handoffData }) =>
    handoffData === undefined || typeof handoffData === 'string' ? { type: 'end', handoffData } : undefined,
};

const string = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const flag = (value: unknown): boolean | undefined => (value === undefined ? undefined : value === true || value === 'true');
const wish = (value: unknown): Interruptible | undefined => (value === undefined ? undefined : interruptible(value, 'any'));
