import { Injectable } from '@nestjs/common';
import { Buckets } from '@throughline/kernel/buckets.js';
import { Clock } from '@throughline/kernel/clock.js';
import { HubError } from '@throughline/kernel/errors.js';

/** How fast a program may call the management API, counted in this process, for each API token on its own. */
@Injectable()
export class ApiLimits {
  readonly perSecond = 50;
  readonly burst = 100;
  private readonly buckets: Buckets;

  constructor(clock: Clock) {
    this.buckets = new Buckets(clock, this.perSecond, this.burst);
  }

  /** @throws HubError `too_many`, saying when to come back */
  take(key: string): void {
    const retryAfterMs = this.buckets.take(key);
    if (retryAfterMs === 0) return;
    throw new HubError('too_many', 'too_many_requests', `More than ${this.perSecond} requests a second with this token.`, { retryable: true, retryAfterMs });
  }
}
