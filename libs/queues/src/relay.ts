import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '@throughline/kernel/clock.js';
import { describe } from '@throughline/kernel/errors.js';
import type { JobEnvelope, JobName } from './job-catalog.js';
import type { OutboxRow } from './outbox.rows.js';
import { Queues } from './queues.js';

/** How long to wait for the queue before leaving a row to the sweep. Redis clients wait for ever by themselves. */
const QUEUE_PATIENCE_MS = 2_000;

/** Hands outbox rows to BullMQ. Failing is no misfortune: the rows are the truth, and the sweep comes round. */
@Injectable()
export class Relay {
  private readonly log = new Logger('Relay');
  private waiting: OutboxRow[] = [];
  private inFlight: Promise<void> = Promise.resolve();

  constructor(
    private readonly clock: Clock,
    private readonly queues: Queues,
  ) {}

  /** Collects the rows of one turn of the event loop, so that a transaction costs one round trip per queue. */
  push(rows: OutboxRow[]): void {
    if (rows.length === 0) return;
    if (this.waiting.length === 0) setImmediate(() => void this.drain());
    this.waiting.push(...rows);
  }

  private async drain(): Promise<void> {
    const rows = this.waiting;
    this.waiting = [];
    const names = [...new Set(rows.map((row) => row.name))];
    const added = Promise.allSettled(names.map((name) => this.add(name, rows.filter((row) => row.name === name))));
    this.inFlight = Promise.all([this.inFlight, added]).then(() => undefined);
    for (const result of await added) {
      if (result.status === 'rejected') this.log.warn(`The queue did not take a job, the sweep will: ${describe(result.reason)}`);
    }
  }

  /** Adds the rows' jobs. A job that the queue already has is left as it is, because ids repeat. */
  async add(name: JobName, rows: OutboxRow[]): Promise<void> {
    const now = this.clock.ms();
    const jobs = rows.map((row) => ({
      name,
      data: { version: 1, tenantId: row.tenantId, outboxId: row.id, payload: row.payload } as JobEnvelope,
      opts: { jobId: jobId(row), delay: Math.max(0, row.dueAt.getTime() - now), removeOnComplete: true, removeOnFail: true },
    }));
    await withPatience(this.queues.of(name).addBulk(jobs));
  }

  async settled(): Promise<void> {
    await this.inFlight;
  }
}

/** BullMQ refuses ids with a colon and ids that are integers. */
export const jobId = (row: { id: string; generation: number }): string => `${row.id}--${row.generation}`;

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
