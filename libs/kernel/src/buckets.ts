import type { Clock } from './clock.js';

interface Bucket {
  tokens: number;
  at: number;
}

/** More of them at once are an attack, and are forgotten together. */
const MOST_KEYS = 10_000;

/** So many things a second for each key, counted in this process; what was not used is saved up, as far as `burst`. */
export class Buckets {
  private readonly buckets = new Map<string, Bucket>();

  constructor(
    private readonly clock: Clock,
    readonly perSecond: number,
    readonly burst: number,
  ) {}

  /** @returns 0, or how many milliseconds to wait before there is one */
  take(key: string): number {
    const at = this.clock.ms();
    const { tokens, at: since } = this.buckets.get(key) ?? { tokens: this.burst, at };
    const filled = Math.min(this.burst, tokens + ((at - since) / 1_000) * this.perSecond);
    if (this.buckets.size >= MOST_KEYS) this.buckets.clear();
    this.buckets.set(key, { tokens: filled < 1 ? filled : filled - 1, at });
    return filled >= 1 ? 0 : ((1 - filled) / this.perSecond) * 1_000;
  }
}
