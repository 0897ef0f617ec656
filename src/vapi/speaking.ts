import type { VoiceService } from '../voice/voice.service.js';

/** How long what was given to Vapi takes to be spoken. Vapi says when it has fallen silent; where it does not, it is estimated. */
export class Speaking {
  private until = 0;
  private resting: (() => void) | undefined;

  constructor(private readonly limits: VoiceService['limits']) {}

  lasts(words: string): void {
    this.until = Math.max(this.until, performance.now()) + words.length * this.limits.letterMs;
  }

  /** Vapi has fallen silent, or nobody listens any more. */
  rests(): void {
    this.until = 0;
    this.resting?.();
  }

  /** Resolves when all of it is spoken. */
  async over(): Promise<void> {
    const leftMs = Math.max(0, this.until - performance.now());
    if (leftMs === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, leftMs + this.limits.breathMs);
      this.resting = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
