import type { RelayReply } from '@throughline/twilio/voice.types.js';
import type { VoiceLimits } from './voice.limits.js';

/** What is sent to be spoken, and about how long that takes. Twilio says when it has fallen silent; where it does not, it is estimated. */
export class Mouth {
  private until = 0;
  private resting: (() => void) | undefined;

  constructor(private readonly send: (frame: RelayReply) => void, private readonly limits: VoiceLimits) {}

  /** Milliseconds until all of it is spoken. */
  get leftMs(): number {
    return Math.max(0, this.until - performance.now());
  }

  say(token: string, last: boolean): void {
    this.send({ type: 'text', token, last });
    this.lasts(token);
  }

  /** It is spoken without our sending it: the greeting. */
  lasts(words: string): void {
    this.until = Math.max(this.until, performance.now()) + words.length * this.limits.letterMs;
  }

  /** The caller spoke, and Twilio fell silent. */
  cut(): void {
    this.until = 0;
    this.resting?.();
  }

  /** Twilio says that it speaks, or that all that it had is spoken. */
  noteSpeaking(isSpeaking: boolean): void {
    if (!isSpeaking) this.cut();
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
