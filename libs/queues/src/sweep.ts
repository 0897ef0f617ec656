import { Injectable, Logger } from '@nestjs/common';
import type { Job } from 'bullmq';
import { Clock } from '@throughline/kernel/clock.js';
import { describe } from '@throughline/kernel/errors.js';
import { jobCatalog, type JobEnvelope } from './job-catalog.js';
import { type ClaimedRow, OutboxRows } from './outbox.rows.js';
import { Queues } from './queues.js';
import { jobId, Relay, shiftOf, withPatience } from './relay.js';

const SWEEP_EVERY_MS = 2_000;

/**
 * Catches what a crash or a lost queue left behind: rows whose time is up are looked for in the queue and given
 * to it again where it has lost them. The hot path does not depend on it.
 */
@Injectable()
export class Sweep {
  private readonly log = new Logger('Sweep');
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<number> | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly rows: OutboxRows,
    private readonly relay: Relay,
    private readonly queues: Queues,
  ) {}

  start(): void {
    this.timer = setInterval(() => void this.once().catch((error: unknown) => this.log.warn(describe(error))), SWEEP_EVERY_MS);
    this.timer.unref();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.running?.catch(() => undefined);
  }

  /** One round; answers how many rows it looked at. Rounds of one process never overlap. */
  async once(eager = false): Promise<number> {
    await this.running?.catch(() => undefined);
    this.running = this.round(eager);
    return this.running;
  }

  private async round(eager: boolean): Promise<number> {
    const claimed = await this.rows.claimDue(this.clock.now(), SWEEP_EVERY_MS * 2, eager);
    for (const row of claimed) {
      await this.revive(row).catch((error: unknown) => {
        this.log.warn(`${row.name} stays with the outbox for now: ${describe(error)}`);
      });
    }
    return claimed.length;
  }

  private async revive(row: ClaimedRow): Promise<void> {
    const queue = this.queues.of(row.name);
    const job = await withPatience(queue.getJob(jobId(row)));
    const state = job ? await withPatience(job.getState()) : 'missing';
    if (state === 'delayed') return this.hasten(job!);
    if (state === 'waiting' || state === 'prioritized') return;
    if (state === 'active') return this.replaceIfStuck(row, job!);
    // Its last moments may have passed since the row was claimed.
    if (state === 'missing' && !(await this.rows.isOpen(row))) return;
    const generation = state === 'missing' ? row.generation : await this.rows.nextGeneration(row.id);
    if (generation >= 0) await this.relay.add(row.name, [{ ...row, generation }]);
  }

  /** The queue waits by the wall clock; ours has been moved past the job's time. */
  private async hasten(job: Job<JobEnvelope>): Promise<void> {
    await withPatience(job.updateData({ ...job.data, shiftMs: shiftOf(this.clock) }));
    await withPatience(job.promote());
  }

  /** A worker that died leaves its job "active". Its rows know better: nothing was done, so another may. */
  private async replaceIfStuck(row: ClaimedRow, job: Job<JobEnvelope>): Promise<void> {
    const startedAt = (job.processedOn ?? 0) + job.data.shiftMs;
    if (!row.overdue || this.clock.ms() - startedAt <= jobCatalog[row.name].visibilityMs) return;
    const generation = await this.rows.nextGeneration(row.id);
    if (generation >= 0) await this.relay.add(row.name, [{ ...row, generation }]);
  }
}
