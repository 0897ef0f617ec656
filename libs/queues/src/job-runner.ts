import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '@throughline/kernel/clock.js';
import { describe, HubError } from '@throughline/kernel/errors.js';
import { withLogScope } from '@throughline/kernel/log.js';
import { OnWorkerEvent, WorkerHost } from '@nestjs/bullmq';
import { DelayedError, type Job } from 'bullmq';
import { isCoarse, jobCatalog, type JobEnvelope, type JobName, jobNames, type JobPayload } from './job-catalog.js';
import { OutboxRows } from './outbox.rows.js';
import { generationOf } from './relay.js';

/** `again`: come back at that time, nothing is wrong (a retry, a rate limit, a timer that was moved). */
export type JobOutcome = void | { again: Date };

const LONGEST_BACKOFF_MS = 300_000;
const REST_LOOK_MS = 5;

/** Runs one job and settles its outbox row: done, later, or set aside. */
@Injectable()
export class JobRunner {
  private readonly log = new Logger('Jobs');
  private readonly known = new Set<JobName>();
  private running = 0;

  constructor(
    private readonly clock: Clock,
    private readonly rows: OutboxRows,
  ) {}

  register(name: JobName): void {
    if (this.known.has(name)) throw new Error(`Two processors want the job ${name}. Keep one.`);
    this.known.add(name);
  }

  /** @throws at boot, when a job of the catalogue has nobody to work on it */
  assertComplete(): void {
    const missing = jobNames.filter((name) => !this.known.has(name));
    if (missing.length > 0) throw new Error(`No processor for: ${missing.join(', ')}. Add one to the room that owns the job.`);
  }

  noteTrouble(name: JobName, error: Error): void {
    this.log.warn(`The queue of ${name} has trouble, its jobs wait as rows: ${describe(error)}`);
  }

  async run<N extends JobName>(
    name: N,
    job: Job<JobEnvelope>,
    token: string | undefined,
    work: (tenantId: string, payload: JobPayload<N>) => Promise<JobOutcome>,
  ): Promise<void> {
    const { tenantId, outboxId } = job.data;
    const row = { id: outboxId, generation: generationOf(job.id!) };
    const { conversationSid } = job.data.payload as { conversationSid?: string };
    this.running += 1;
    const outcome = await withLogScope({ tenantId, job: name, ...(conversationSid ? { conversationSid } : {}) }, () =>
      this.attempt(name, job.data, work).catch((error: unknown) => this.failed(name, outboxId, error)),
    ).finally(() => (this.running -= 1));
    if (outcome === 'set_aside') return;
    if (!outcome) return this.rows.done(row);
    const well = !('failed' in outcome);
    if (isCoarse(name)) return this.rows.postpone(row, outcome.again, 0, well);
    await this.rows.postpone(row, outcome.again, 5_000, well);
    await job.moveToDelayed(Date.now() + Math.max(0, outcome.again.getTime() - this.clock.ms()), token);
    throw new DelayedError();
  }

  private async attempt<N extends JobName>(
    name: N, { tenantId, payload }: JobEnvelope, work: (tenantId: string, payload: JobPayload<N>) => Promise<JobOutcome>,
  ): Promise<JobOutcome> {
    return work(tenantId, jobCatalog[name].payload.parse(payload) as JobPayload<N>);
  }

  /** Waits until no job is being worked on here, for `withinMs` of real time at the most. */
  async rest(withinMs: number): Promise<void> {
    for (let waited = 0; this.running > 0 && waited < withinMs; waited += REST_LOOK_MS) {
      await new Promise((resolve) => setTimeout(resolve, REST_LOOK_MS));
    }
  }

  private async failed(name: JobName, outboxId: string, error: unknown): Promise<{ again: Date; failed: true } | 'set_aside'> {
    const { attempts, backoffMs } = jobCatalog[name];
    const failures = await this.rows.noteFailure(outboxId, describe(error));
    if (failures >= attempts) {
      this.log.error(`${name} failed ${failures} times and was set aside (outbox ${outboxId}): ${describe(error)}`);
      await this.rows.setAside(outboxId, this.clock.now());
      return 'set_aside';
    }
    const wait = backoff(failures, backoffMs, error instanceof HubError ? error.retryAfterMs : undefined);
    this.log.warn(`${name} failed (${failures}), again in ${Math.round(wait)} ms: ${describe(error)}`);
    return { again: this.clock.in(wait), failed: true };
  }
}

/**
 * Exponential with jitter over the upper half, so that jobs which failed together do not return together.
 * What the other side asked for (`Retry-After`) is a lower bound.
 */
export function backoff(failures: number, firstMs: number, retryAfterMs = 0, random = Math.random): number {
  const full = Math.min(LONGEST_BACKOFF_MS, firstMs * 2 ** Math.max(0, failures - 1));
  return Math.max(retryAfterMs, full / 2 + random() * (full / 2));
}

/** How soon the jobs of a worker that died are given to another, on either backend. */
const LOCK_MS = 10_000;
/** Seconds after which an idle worker asks by itself; until then it is woken. With five, BullMQ's own, a hub that has nothing to do asks twenty times a second. */
const ASK_AFTER_S = 20;

export const workerOptions = (name: JobName): Record<string, number> => ({
  concurrency: jobCatalog[name].concurrency,
  lockDuration: LOCK_MS,
  stalledInterval: LOCK_MS / 2,
  maxStalledCount: 1_000,
  drainDelay: ASK_AFTER_S,
});

/** A processor is three lines: which job, which service, which method. */
export abstract class JobProcessor<N extends JobName> extends WorkerHost {
  constructor(
    private readonly name: N,
    private readonly runner: JobRunner,
  ) {
    super();
    runner.register(name);
  }

  /** The queue's own trouble (its server went away): one line, where BullMQ would print the whole connection. */
  @OnWorkerEvent('error')
  queueTrouble(error: Error): void {
    this.runner.noteTrouble(this.name, error);
  }

  abstract run(tenantId: string, payload: JobPayload<N>): Promise<JobOutcome>;

  process(job: Job<JobEnvelope>, token?: string): Promise<void> {
    return this.runner.run(this.name, job, token, (tenantId, payload) => this.run(tenantId, payload));
  }
}
