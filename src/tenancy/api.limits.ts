import { Injectable } from '@nestjs/common';
import { Clock } from '@throughline/kernel/clock.js';
import { HubError } from '@throughline/kernel/errors.js';

interface Bucket {
  tokens: number;
  at: number;
}

/** How fast a program may call the management API, counted in this process, for each API token on its own. */
@Injectable()
export class ApiLimits {
  readonly perSecond = 50;
  readonly burst = 100;
  private readonly buckets = new Map<string, Bucket>();

  constructor(private readonly clock: Clock) {}

  /** @throws HubError `too_many`, saying when to come back */
  take(key: string): void {
    const at = this.clock.ms();
    const { tokens, at: since } = this.buckets.get(key) ?? { tokens: this.burst, at };
    const filled = Math.min(this.burst, tokens + ((at - since) / 1_000) * this.perSecond);
    if (this.buckets.size >= 10_000) this.buckets.clear();
    this.buckets.set(key, { tokens: filled < 1 ? filled : filled - 1, at });
    if (filled >= 1) return;
    throw new HubError('too_many', 'too_many_requests', `More than ${this.perSecond} requests a second with this token.`, {
      retryable: true, retryAfterMs: ((1 - filled) / this.perSecond) * 1_000,
    });
  }
}
