import type { Extent } from './withdrawal.policy.js';

/**
 * The carriers' words, which must be the whole message (twilio.com/docs/messaging/tutorials/advanced-opt-out,
 * "default keywords"). Twilio itself answers them once, so the assistant stays silent.
 */
const STOP = new Set(['stop', 'unsubscribe', 'end', 'quit', 'stopall', 'revoke', 'optout', 'cancel']);
const START = new Set(['start', 'yes', 'unstop']);
const HELP = new Set(['help', 'info']);

/** Channels on which Twilio hears the carriers' words; an opt-out on RCS counts for SMS as well. */
const CARRIER_CHANNELS: ReadonlySet<string> = new Set(['sms', 'rcs']);

export type OptOutKeyword = 'stop' | 'start' | 'help';

export interface HeardWord {
  keyword: OptOutKeyword;
  /** What it is about, where it was said in plain words: all our senders, or all of the person's addresses too. A keyword is said to one sender. */
  extent?: Extent;
  /** What we say ourselves, because nobody else confirms it; null where Twilio does, or has done. */
  confirmation: string | null;
  /** Why it changes nothing, in words for colleagues. */
  unheard?: string;
}

const STOPPED = 'You will get no more messages from us here. Write START to get them again.';
const UNHEARD = 'START by a mail that anybody may have sent, so they still get no messages';
const STARTED = 'You will get messages from us here again. Write STOP to end them.';

/**
 * Whether a message is a word about the right to write, which the assistant leaves alone. On WhatsApp and in mails nobody but us
 * hears STOP and START, and "help" or "cancel" are words like any other; the remaining channels know no such words.
 *
 * @param optOutType what Twilio made of it, where Advanced Opt-Out is on; it decides then
 * @param optedOut whether the person is opted out now: "yes" only means START to somebody who is
 * @param isKnown whether it is sure who writes: ending messages is easy for everybody, beginning them again is the person's own word
 */
export function optOutKeyword(
  { channel, body, optOutType }: { channel: string; body: string; optOutType?: string | undefined }, optedOut: boolean, isKnown: boolean,
): HeardWord | null {
  const declared = optOutType?.toLowerCase();
  if (declared === 'stop' || declared === 'start' || declared === 'help') return { keyword: declared, confirmation: null };
  const word = body.trim().toLowerCase();
  if (CARRIER_CHANNELS.has(channel)) return carrierWord(word, optedOut);
  if (channel !== 'whatsapp' && channel !== 'email') return null;
  if (word === 'stop' || (channel === 'email' && word === 'unsubscribe')) return { keyword: 'stop', confirmation: optedOut ? null : STOPPED };
  if (word !== 'start' || !optedOut) return null;
  return isKnown ? { keyword: 'start', confirmation: STARTED } : { keyword: 'start', confirmation: null, unheard: UNHEARD };
}

function carrierWord(word: string, optedOut: boolean): HeardWord | null {
  const heard = (keyword: OptOutKeyword): HeardWord => ({ keyword, confirmation: null });
  if (STOP.has(word)) return heard('stop');
  if (word === 'yes') return optedOut ? heard('start') : null;
  if (START.has(word)) return heard('start');
  return HELP.has(word) ? heard('help') : null;
}
