import type { RelayReply } from '@throughline/twilio/voice.types.js';

/** What is sent to be spoken, and about how long that takes. Twilio says when it has fallen silent; where it does not, it is estimated. */
export class Mouth {
  private until = 0;
  /** More of the present sentence may come. */
  private isOpen = false;
  /** Parts of which Twilio has not said that they were played. */
  private unplayed = 0;
  private resting: (() => void) | undefined;

  constructor(private readonly send: (frame: RelayReply) => void, private readonly limits: { letterMs: number; breathMs: number }) {}

  /** Milliseconds until all of it is spoken. */
  get leftMs(): number {
    return Math.max(0, this.until - performance.now());
  }

  /** A part of a sentence, with the blank before it. */
  say(token: string): void {
    this.isOpen = true;
    this.speak(token, false);
  }

  /** The sentence is whole. */
  close(): void {
    if (this.isOpen) this.send({ type: 'text', token: '', last: true });
    this.isOpen = false;
  }

  /** A sentence of its own. */
  line(words: string): void {
    this.close();
    this.speak(words, true);
  }

  private speak(token: string, last: boolean): void {
    this.unplayed += 1;
    this.send({ type: 'text', token, last });
    this.lasts(token);
  }

  /** It is spoken without our sending it: the greeting. */
  lasts(words: string): void {
    this.until = Math.max(this.until, performance.now()) + words.length * this.limits.letterMs;
  }

  /** The caller spoke, and Twilio fell silent: what follows is another sentence. */
  cut(): void {
    this.isOpen = false;
    this.unplayed = 0;
    this.silent();
  }

  private silent(): void {
    this.until = 0;
    this.resting?.();
  }

  /** Twilio says that a part was played. */
  notePlayed(): void {
    this.unplayed = Math.max(0, this.unplayed - 1);
  }

  /** Twilio has fallen silent. Until all parts were played it is only between two sentences. */
  noteSilent(): void {
    if (this.unplayed === 0) this.silent();
  }

  /** Resolves when what was sent has been spoken: closing earlier would cut it. */
  async rests(): Promise<void> {
    const { leftMs } = this;
    if (leftMs === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, leftMs + this.limits.breathMs);
      this.resting = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.resting = undefined;
  }
}
