import type { MediaReply } from '@throughline/twilio/voice.types.js';

/** µ-law at 8 kHz. */
const BYTES_PER_MS = 8;
/** So finely it is known how far the caller has heard. */
const PIECE_MS = 200;
/** As many pieces at Twilio, unplayed: enough not to stutter, and few enough that all their marks may come back at once. */
const MOST_AHEAD = 20;

/** What the model said in one of its items. */
interface Part {
  itemId: string | null;
  words: string;
  ms: number;
}

/** Something that is said to the caller. */
export class Spoken {
  readonly parts: Part[] = [];
  playedMs = 0;
  /** Nothing more of it comes. */
  isWhole = false;

  /** @param messageId null for what only fills a pause */
  constructor(readonly messageId: string | null) {}

  get ms(): number {
    return this.parts.reduce((sum, { ms }) => sum + ms, 0);
  }

  get words(): string {
    return this.parts.map(({ words }) => words.trim()).filter(Boolean).join(' ');
  }

  /** What the model says in this item, with whatever of it is known by now. */
  part(itemId: string | null): Part {
    const known = this.parts.find((part) => part.itemId === itemId);
    if (known) return known;
    const part = { itemId, words: '', ms: 0 };
    this.parts.push(part);
    return part;
  }

  /** How much of each part the caller has heard, in milliseconds. */
  get heard(): { part: Part; ms: number }[] {
    let left = this.playedMs;
    return this.parts.map((part) => {
      const ms = Math.min(part.ms, left);
      left -= ms;
      return { part, ms };
    });
  }

  /** The words that the caller has heard: whole ones, as many as their share of the sound. */
  get heardWords(): string {
    return this.heard.map(({ part: { words, ms: wholeMs }, ms }) => (ms >= wholeMs && wholeMs > 0 ? words : firstWords(words, wholeMs > 0 ? ms / wholeMs : 0)).trim())
      .filter(Boolean).join(' ');
  }
}

function firstWords(words: string, share: number): string {
  const end = Math.floor(words.length * share);
  if (end >= words.length || /\s/.test(words[end] ?? '')) return words.slice(0, end);
  return words.slice(0, words.slice(0, end).search(/\s\S*$/) + 1);
}

/** Sound on its way to the caller. Twilio tells by marks how far it has played; the next piece is given when one comes back. */
export class Playback {
  private underWay: Spoken[] = [];
  private queue: { spoken: Spoken; sound: Buffer }[] = [];
  private ahead: { name: string; spoken: Spoken; ms: number }[] = [];
  private marks = 0;
  private resting: (() => void) | undefined;

  /** @param ended is told of what was played to its end */
  constructor(private readonly send: (frame: MediaReply) => void, private readonly ended: (spoken: Spoken) => void) {}

  /** Milliseconds until all of it is played. */
  get leftMs(): number {
    const queued = this.queue.reduce((sum, { sound }) => sum + sound.length / BYTES_PER_MS, 0);
    return this.ahead.reduce((sum, { ms }) => sum + ms, queued);
  }

  begin(spoken: Spoken): void {
    this.underWay.push(spoken);
  }

  /** What was cut stays cut. */
  add(spoken: Spoken, itemId: string | null, sound: Buffer): void {
    if (!this.underWay.includes(spoken)) return;
    spoken.part(itemId).ms += sound.length / BYTES_PER_MS;
    for (let at = 0; at < sound.length; at += PIECE_MS * BYTES_PER_MS) this.queue.push({ spoken, sound: sound.subarray(at, at + PIECE_MS * BYTES_PER_MS) });
    this.pump();
  }

  /** Nothing more of it comes. */
  close(spoken: Spoken): void {
    spoken.isWhole = true;
    this.settle();
  }

  /** Twilio has played everything up to here. What was cleared is none of ours any more. */
  reached(name: string): void {
    const at = this.ahead.findIndex((piece) => piece.name === name);
    for (const { spoken, ms } of this.ahead.splice(0, at + 1)) spoken.playedMs += ms;
    this.pump();
    this.settle();
  }

  /** Not another sound. @returns what was under way, oldest first */
  cut(): Spoken[] {
    if (this.ahead.length > 0) this.send({ event: 'clear' });
    const cut = this.underWay;
    this.underWay = [];
    this.queue = [];
    this.ahead = [];
    this.resting?.();
    return cut;
  }

  /** Resolves when all of it is played, or Twilio has stopped saying so for `patienceMs`. */
  async rests(patienceMs: number): Promise<void> {
    if (this.leftMs === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, this.leftMs + patienceMs);
      this.resting = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.resting = undefined;
  }

  private pump(): void {
    while (this.ahead.length < MOST_AHEAD) {
      const next = this.queue.shift();
      if (!next) return;
      const name = String((this.marks += 1));
      this.ahead.push({ name, spoken: next.spoken, ms: next.sound.length / BYTES_PER_MS });
      this.send({ event: 'media', media: { payload: next.sound.toString('base64') } });
      this.send({ event: 'mark', mark: { name } });
    }
  }

  private settle(): void {
    const done = this.underWay.filter((spoken) => spoken.isWhole && spoken.playedMs >= spoken.ms);
    this.underWay = this.underWay.filter((spoken) => !done.includes(spoken));
    for (const spoken of done) this.ended(spoken);
    if (this.leftMs === 0) this.resting?.();
  }
}
