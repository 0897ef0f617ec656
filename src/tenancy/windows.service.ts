import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { HubError } from '@throughline/kernel/errors.js';
import { UseWindowsRepository } from './use-windows.repository.js';

/** So many in so many milliseconds. */
export interface Allowance {
  /** What is counted, and whose: `code/+15551230001`. Kept as a digest. */
  what: string;
  most: number;
  perMs: number;
  /** How much of it this is. Default: 1 */
  amount?: number;
}

/** A window that nobody has counted in for so long is of no use. */
const OLD_MS = 86_400_000;

/** How much of something there was in a time, over all processes: what must hold wherever the next request goes. */
@Injectable()
export class WindowsService {
  private readonly windows = new UseWindowsRepository();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** So much more of each, or nothing of any. @throws HubError `too_many`, saying when to come back */
  take(tenantId: string, ...allowances: Allowance[]): Promise<void> {
    // Lost to a power cut, somebody has one more.
    return this.database.note(tenantId, async (tx) => {
      for (const allowance of allowances) await this.takeOne(tx, allowance);
    });
  }

  /** The same, with what is to be known at once: on a busy way a transaction of its own for either would be felt. */
  async takeWhile<T>(tenantId: string, allowance: Allowance, look: (tx: Tx) => Promise<T>): Promise<T> {
    return this.database.note(tenantId, async (tx) => (await Promise.all([look(tx), this.takeOne(tx, allowance)]))[0]);
  }

  /** Whether any of this was counted lately: known for most of a day, and perhaps longer. */
  counts(tenantId: string, what: string): Promise<boolean> {
    return this.database.transaction(tenantId, (tx) => this.windows.has(tx, keyOf(tx, what)));
  }

  private async takeOne(tx: Tx, { what, most, perMs, amount = 1 }: Allowance): Promise<void> {
    const now = this.clock.now();
    const { since, used } = await this.windows.use(tx, keyOf(tx, what), { now, startsAnew: new Date(now.getTime() - perMs), amount });
    if (used === amount) this.windows.removeBefore(tx, new Date(now.getTime() - OLD_MS));
    if (used <= most) return;
    throw new HubError('too_many', 'too_many_requests', 'Too much of this in a short time.', {
      retryable: true, retryAfterMs: Math.max(1, since.getTime() + perMs - now.getTime()),
    });
  }
}

const keyOf = ({ tenantId }: Tx, what: string): string => createHash('sha256').update(`${tenantId}/${what}`).digest('hex');
