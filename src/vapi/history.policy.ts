import { contentOf, type Spoken } from '@throughline/vapi/wire.types.js';
import type { Hearing, Message } from '../conversations/conversations.types.js';

/** What has happened in a call since its words were taken last. */
export interface News {
  /** What the caller has said since; empty where nothing is new. */
  words: string;
  /** Letters of the caller's in the whole call: from here on it is new next time. */
  upTo: number;
  /** What they have heard since, of whatever was said to them. */
  heard: string;
  /** The caller has the last word: where nothing of it is new, it is asked again. */
  endsWithCaller: boolean;
}

const COUNTED = /[\p{L}\p{N}]/gu;

/** Speech engines write blanks and marks as they like: only letters and digits count. */
const lettersIn = (text: string): number => Array.from(text.matchAll(COUNTED)).length;

/** `text` without so many of its letters. */
function behind(text: string, letters: number): string {
  let left = letters;
  for (const { index } of text.matchAll(COUNTED)) if (left-- === 0) return letters === 0 ? text.trim() : text.slice(index).trim();
  return '';
}

/**
 * Reads the whole history of a call, as each request brings it. The caller's words only ever grow, in as many entries as Vapi likes; what we have taken of them
 * is known by its length. Where there are fewer than that, Vapi has shortened its history: then what the caller said last is new.
 */
export function newsIn(history: readonly Spoken[], taken: number): News {
  const said = history.filter(({ role }) => role === 'user' || role === 'assistant').map((entry) => ({ isCaller: entry.role === 'user', text: contentOf(entry) }));
  const upTo = said.reduce((sum, { isCaller, text }) => sum + (isCaller ? lettersIn(text) : 0), 0);
  const endsWithCaller = said.at(-1)?.isCaller ?? false;
  if (upTo < taken) {
    const last = said.findLastIndex(({ isCaller }) => !isCaller);
    return { words: joined(said.slice(last + 1)), upTo, heard: '', endsWithCaller };
  }
  let [total, words, heard]: [number, string[], string[]] = [0, [], []];
  for (const { isCaller, text } of said) {
    const before = total;
    if (isCaller) total += lettersIn(text);
    if (!isCaller) heard.push(text);
    else if (total <= taken) heard = [];
    else words.push(behind(text, Math.max(0, taken - before)));
  }
  return { words: words.join(' ').trim(), upTo, heard: heard.join(' '), endsWithCaller };
}

const joined = (all: readonly { text: string }[]): string => all.map(({ text }) => text).join(' ').trim();

/** A message of ours that was being said. */
export interface Unsettled {
  id: string;
  body: string;
}

export interface Settled {
  messageId: string;
  /** As much of it as was heard; of what was not heard at all, what it would have been. */
  body: string;
  hearing: Hearing;
}

/**
 * How much was heard of each, oldest first.
 *
 * @param heard as Vapi has it
 * @param fillers sentences of the house's own, which are no part of any message
 */
export function settledBy(unsettled: readonly Unsettled[], heard: string, fillers: readonly string[]): Settled[] {
  let left = lettersIn(fillers.reduce((text, filler) => text.replaceAll(filler, ''), heard));
  return unsettled.map(({ id, body }) => {
    const length = lettersIn(body);
    const here = Math.min(left, length);
    left -= here;
    if (here === length) return { messageId: id, body, hearing: 'heard' };
    return here === 0 ? { messageId: id, body, hearing: 'unheard' } : { messageId: id, body: upToLetter(body, here), hearing: 'cut' };
  });
}

/** The beginning of `text` with so many letters, and the marks behind the last of them. */
function upToLetter(text: string, letters: number): string {
  let left = letters;
  for (const { index, 0: letter } of text.matchAll(COUNTED)) {
    const end = index + letter.length;
    if (--left === 0) return text.slice(0, end) + /^[.,!?…]*/.exec(text.slice(end))![0];
  }
  return text;
}

/** What was answered to the caller's last words already: Vapi asks twice where an answer did not reach it. */
export function repliesIn(thread: readonly Message[], callSid: string): string {
  const question = thread.findLastIndex(({ direction, details }) => direction === 'inbound' && details?.call?.sid === callSid);
  const replies = thread.slice(question + 1).filter(({ direction, authorKind, channel, details, status }) =>
    direction === 'outbound' && authorKind === 'assistant' && channel === 'voice' && details?.call?.sid === callSid && status !== 'undelivered');
  return replies.map(({ body }) => body).join(' ');
}
