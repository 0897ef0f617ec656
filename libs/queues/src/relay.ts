import { setTimeout as delay } from 'node:timers/promises';
import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '@throughline/kernel/clock.js';
import { describe } from '@throughline/kernel/errors.js';
import { gatherMsOf, type JobEnvelope, type JobName } from './job-catalog.js';
import type { OutboxRow } from './outbox.rows.js';
import { Queues } from './queues.js';

/** How long to wait for the queue before leaving a row to the sweep. Redis clients wait for ever by themselves. */
const QUEUE_PATIENCE_MS = 2_000;

/**
 * On Postgres a bulk costs two temporary tables whatever its size (BullMQ 6.1, `add_jobs_bulk`): some 10 ms and 700 records
 * of the write-ahead log, where one job alone costs 0.3 ms.
 */
const FEW = 12;

/** Hands outbox rows to BullMQ. Failing is no misfortune: the rows are the truth, and the sweep comes round. */
@Injectable()
export class Relay {
  private readonly log = new Logger('Relay');
  private readonly waiting = new Map<JobName, OutboxRow[]>();
  private readonly draining = new Map<JobName, Promise<void>>();

  constructor(
    private readonly clock: Clock,
    private readonly queues: Queues,
  ) {}

  /** Right after the commit. While one batch of a queue is on its way the next one gathers, so load makes batches by itself. */
  push(rows: OutboxRow[]): void {
    for (const row of rows) {
      const gathered = this.waiting.get(row.name);
      if (gathered) gathered.push(row);
      else this.waiting.set(row.name, [row]);
      if (!this.draining.has(row.name)) this.draining.set(row.name, this.drain(row.name));
    }
  }

  private async drain(name: JobName): Promise<void> {
    const gatherMs = gatherMsOf(name);
    const gather = (): Promise<unknown> => (gatherMs > 0 ? delay(gatherMs) : new Promise(setImmediate));
    await gather();
    for (let rows = this.take(name); rows.length > 0; rows = this.take(name)) {
      await this.add(name, rows).catch((error: unknown) => {
        this.log.warn(`The queue did not take ${rows.length} jobs, the sweep will see to them: ${describe(error)}`);
      });
      if (gatherMs > 0) await gather();
    }
    this.draining.delete(name);
  }

  private take(name: JobName): OutboxRow[] {
    const rows = this.waiting.get(name) ?? [];
    this.waiting.delete(name);
    return rows;
  }

  /** Adds the rows' jobs. A job that the queue already has is left as it is, because ids repeat. */
  async add(name: JobName, rows: OutboxRow[]): Promise<void> {
    const now = this.clock.ms();
    const shiftMs = shiftOf(this.clock);
    const jobs = rows.map((row) => ({
      name,
      data: { version: 1, shiftMs, tenantId: row.tenantId, outboxId: row.id, payload: row.payload } as JobEnvelope,
      opts: { jobId: jobId(row), delay: Math.max(0, row.dueAt.getTime() - now), removeOnComplete: true, removeOnFail: true },
    }));
    const queue = this.queues.of(name);
    await withPatience(jobs.length <= FEW ? Promise.all(jobs.map((job) => queue.add(job.name, job.data, job.opts))) : queue.addBulk(jobs));
  }

  async settled(): Promise<void> {
    await Promise.all(this.draining.values());
  }
}

/** BullMQ refuses ids with a colon and ids that are integers. */
export const jobId = (row: { id: string; generation: number }): string => `${row.id}--${row.generation}`;

/** How far the clock is ahead of the wall clock, by which BullMQ stamps its jobs: 0 but where a sandbox moved it. */
export const shiftOf = (clock: Clock): number => clock.ms() - Date.now();

export const generationOf = (id: string): number => Number(id.slice(id.indexOf('--') + 2));

export async function withPatience<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer from the queue within ${QUEUE_PATIENCE_MS} ms`)), QUEUE_PATIENCE_MS);
  });
  try {
    return await Promise.race([work, patience]);
  } finally {
    clearTimeout(timer);
    work.catch(() => undefined);
  }
}
