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

  /** One more of each, or none of any. @throws HubError `too_many`, saying when to come back */
  async take(tenantId: string, ...allowances: Allowance[]): Promise<void> {
    // Lost to a power cut, somebody has one more.
    await this.database.note(tenantId, async (tx) => {
      for (const allowance of allowances) await this.takeOne(tx, allowance);
    });
  }

  private async takeOne(tx: Tx, { what, most, perMs }: Allowance): Promise<void> {
    const now = this.clock.now();
    const key = createHash('sha256').update(`${tx.tenantId}/${what}`).digest('hex');
    const { since, used } = await this.windows.use(tx, key, { now, startsAnew: new Date(now.getTime() - perMs) });
    if (used === 1) this.windows.removeBefore(tx, new Date(now.getTime() - OLD_MS));
    if (used <= most) return;
    throw new HubError('too_many', 'too_many_requests', 'Too much of this in a short time.', {
      retryable: true, retryAfterMs: Math.max(1, since.getTime() + perMs - now.getTime()),
    });
  }
}
