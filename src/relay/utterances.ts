import type { Settled } from '../conversations/conversations.types.js';

/** A message of the thread on its way to the caller's ear. */
export interface Utterance {
  messageId: string;
  /** All that was given to Twilio, what only filled a pause included. */
  said: string;
  /** That of it which is no part of the message. */
  filler: string;
}

/** What is being said, and how much of it was heard. */
export class Utterances {
  private underWay: Utterance[] = [];
  private pause = '';

  /** Something that belongs to no message; the next one begins behind it. */
  fill(words: string): void {
    this.pause += `${words} `;
  }

  begin(messageId: string): void {
    this.underWay.push({ messageId, said: this.pause, filler: this.pause });
    this.pause = '';
  }

  say(words: string): void {
    const last = this.underWay.at(-1);
    if (last) last.said += words;
  }

  /** Whatever is under way has been heard: the caller waited until it was said. */
  heard(): Settled[] {
    const all = this.underWay.map((each): Settled => ({ messageId: each.messageId, body: wordsOf(each), hearing: 'heard' }));
    this.underWay = [];
    this.pause = '';
    return all;
  }

  /** The caller spoke. Twilio says how far it had come with the last of it. */
  cutAt(heard: string): Settled[] {
    const last = this.underWay.pop();
    const earlier = this.heard();
    return last ? [...earlier, cut(last, heard)] : earlier;
  }
}

const wordsOf = ({ said, filler }: Utterance): string => said.slice(filler.length).trim();

function cut(utterance: Utterance, heard: string): Settled {
  const { messageId, filler } = utterance;
  const whole = wordsOf(utterance);
  const end = lengthOf(utterance.said, heard) - filler.length;
  const body = utterance.said.slice(filler.length).slice(0, Math.max(0, end)).trim();
  if (body === '') return { messageId, body: whole, hearing: 'unheard' };
  return body === whole ? { messageId, body, hearing: 'heard' } : { messageId, body, hearing: 'cut' };
}

/** How many letters of `said` have sounded, where Twilio writes what it has spoken in its own way: only letters and digits count. */
function lengthOf(said: string, heard: string): number {
  let left = Array.from(heard.matchAll(COUNTED)).length;
  if (left === 0) return 0;
  for (const { index, 0: letter } of said.matchAll(COUNTED)) if (--left === 0) return index + letter.length + (/^[.,!?…]*/.exec(said.slice(index + letter.length))?.[0].length ?? 0);
  return said.length;
}

const COUNTED = /[\p{L}\p{N}]/gu;
