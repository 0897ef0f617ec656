import { isLoopback } from '@throughline/kernel/loopback.js';
import type { Verb } from '../twiml.js';

/** What of the caller's may cut what is being said. */
export type Interruptible = 'none' | 'dtmf' | 'speech' | 'any';

export interface RelaySettings {
  url: string;
  greeting: string;
  greetingInterruptible: Interruptible;
  interruptible: Interruptible;
  /** What is reported although it may not interrupt. */
  reported: Interruptible;
  preemptible: boolean;
  dtmf: boolean;
  partials: boolean;
  ttsLanguage: string;
  transcriptionLanguage: string;
  /** speaker-events, tokens-played. */
  events: string[];
  parameters: Record<string, string>;
}

const INTERRUPTIBLE = /^(none|dtmf|speech|any|true|false)$/;
const FLAG = /^(true|false)$/;

/** Attributes whose value is checked; others are taken, or ignored, as they are. */
const CHECKED: Record<string, RegExp> = {
  welcomeGreetingInterruptible: INTERRUPTIBLE,
  interruptible: INTERRUPTIBLE,
  reportInputDuringAgentSpeech: INTERRUPTIBLE,
  interruptSensitivity: /^(low|medium|high)$/,
  preemptible: FLAG,
  dtmfDetection: FLAG,
  partialPrompts: FLAG,
  ttsProvider: /^(ElevenLabs|Google|Amazon)$/i,
  transcriptionProvider: /^(Deepgram|Google)$/i,
  elevenlabsTextNormalization: /^(on|off|auto)$/,
  language: /^(multi|[a-z]{2,3}(-[A-Za-z0-9]+)*)$/,
  ttsLanguage: /^(multi|[a-z]{2,3}(-[A-Za-z0-9]+)*)$/,
  transcriptionLanguage: /^(multi|[a-z]{2,3}(-[A-Za-z0-9]+)*)$/,
};

/** Twilio connects to `wss:` only; to this machine `ws:` will do. */
export const isSocketAddress = (url: string): boolean =>
  URL.canParse(url) && (/^wss:\/\//i.test(url) || (/^ws:\/\//i.test(url) && isLoopback(url.replace(/^ws/i, 'http'))));

/** @returns the settings, or what is wrong with them (64101) */
export function relaySettings(noun: Verb): RelaySettings | string {
  const { attributes } = noun;
  const { url = '' } = attributes;
  if (!isSocketAddress(url)) return `url must begin with wss://: ${url}`;
  const wrong = Object.entries(CHECKED).find(([name, allowed]) => attributes[name] !== undefined && !allowed.test(attributes[name]));
  if (wrong) return `Invalid value of ${wrong[0]}: ${attributes[wrong[0]]}`;
  const language = attributes.language ?? 'en-US';
  return {
    url,
    greeting: attributes.welcomeGreeting ?? '',
    greetingInterruptible: interruptible(attributes.welcomeGreetingInterruptible, 'any'),
    interruptible: interruptible(attributes.interruptible, 'any'),
    reported: interruptible(attributes.reportInputDuringAgentSpeech, 'none'),
    preemptible: attributes.preemptible === 'true',
    dtmf: attributes.dtmfDetection === 'true',
    partials: attributes.partialPrompts === 'true',
    ttsLanguage: attributes.ttsLanguage ?? language,
    transcriptionLanguage: attributes.transcriptionLanguage ?? language,
    events: `${attributes.events ?? ''} ${attributes.debug ?? ''}`.split(/\s+/).filter(Boolean),
    parameters: Object.fromEntries(noun.children.filter((one) => one.name === 'Parameter').map(({ attributes: one }) => [one.name ?? '', one.value ?? ''])),
  };
}

/** Booleans are accepted in the place of any and none. */
export function interruptible(value: unknown, otherwise: Interruptible): Interruptible {
  const text = String(value ?? '');
  if (text === 'true') return 'any';
  if (text === 'false') return 'none';
  return INTERRUPTIBLE.test(text) ? (text as Interruptible) : otherwise;
}

export const covers = (wish: Interruptible, input: 'speech' | 'dtmf'): boolean => wish === 'any' || wish === input;
