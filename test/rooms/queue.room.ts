import { Processor } from '@nestjs/bullmq';
import { Inject, type Type } from '@nestjs/common';
import { Test, type TestingModule } from '@nestjs/testing';
import { appDataSource, Database, type Tx } from '@throughline/database/database.js';
import { Clock, ShiftableClock } from '@throughline/kernel/clock.js';
import { uuidv7 } from '@throughline/kernel/ids.js';
import { openBackend } from '@throughline/queues/backend.js';
import { type JobName, jobNames } from '@throughline/queues/job-catalog.js';
import { type JobOutcome, JobProcessor, JobRunner, workerOptions } from '@throughline/queues/job-runner.js';
import { type JobRequest, Outbox } from '@throughline/queues/outbox.js';
import { OutboxRows } from '@throughline/queues/outbox.rows.js';
import { Queues } from '@throughline/queues/queues.js';
import { QueuesModule } from '@throughline/queues/queues.module.js';
import { Relay } from '@throughline/queues/relay.js';
import { Sweep } from '@throughline/queues/sweep.js';
import { eventually } from '../harness/eventually.js';
import { freshDatabase, type TestDatabase } from '../harness/postgres.js';
import { loseQueue } from '../harness/queue.js';

export interface Run {
  name: JobName;
  tenantId: string;
  payload: Record<string, unknown>;
}

export interface Row {
  id: string;
  name: JobName;
  due_at: Date;
  generation: number;
  failures: number;
  last_error: string | null;
  dead_at: Date | null;
}

/** What the processors do: nothing but remember, unless a test says otherwise of the next runs. */
class Work {
  readonly runs: Run[] = [];
  private readonly scripted: (() => Promise<JobOutcome>)[] = [];

  next(...steps: (() => Promise<JobOutcome>)[]): void {
    this.scripted.push(...steps);
  }

  async take(run: Run): Promise<JobOutcome> {
    this.runs.push(run);
    return this.scripted.shift()?.();
  }
}

function processorOf(name: JobName): Type {
  @Processor(name, workerOptions(name))
  class Hand extends JobProcessor<JobName> {
    constructor(@Inject(JobRunner) runner: JobRunner, @Inject(Work) private readonly work: Work) {
      super(name, runner);
    }

    run(tenantId: string, payload: Record<string, unknown>): Promise<JobOutcome> {
      return this.work.take({ name, tenantId, payload });
    }
  }
  return Hand;
}

/** Outbox, relay, sweep and workers on a real queue. The sweep comes round when the test says so. */
export class QueueRoom {
  readonly tenantId = uuidv7(1);
  readonly work: Work;
  readonly rows: OutboxRows;
  private readonly sweep: Sweep;

  private constructor(
    readonly clock: ShiftableClock,
    readonly database: Database,
    private readonly module: TestingModule,
    private readonly fresh: TestDatabase,
    private readonly redisUrl: string | undefined,
    readonly close: () => Promise<void>,
  ) {
    this.work = module.get(Work);
    this.rows = module.get(OutboxRows, { strict: false });
    this.sweep = module.get(Sweep, { strict: false });
  }

  static async open(redisUrl: string | undefined): Promise<QueueRoom> {
    const fresh = await freshDatabase();
    const backend = await openBackend({ databaseUrl: fresh.url, redisUrl });
    const dataSource = await appDataSource({ url: fresh.url }).initialize();
    const [clock, database] = [new ShiftableClock(), new Database(dataSource)];
    const providers = [{ provide: Clock, useValue: clock }, { provide: Database, useValue: database }, Work];
    const plumbing = { module: class Plumbing {}, global: true, providers, exports: providers };
    const hands = { module: class Hands {}, providers: jobNames.map(processorOf) };
    const queues = QueuesModule.forRoot({ backend, databaseUrl: fresh.url, work: true });
    const module = await Test.createTestingModule({ imports: [plumbing, queues, hands] }).compile();
    module.useLogger(false);
    await module.init();
    await module.get(Sweep, { strict: false }).stop();
    return new QueueRoom(clock, database, module, fresh, redisUrl, async () => {
      await module.close();
      await module.get(OutboxRows, { strict: false }).close();
      await backend.close();
      await dataSource.destroy();
      await fresh.drop();
    });
  }

  enqueueIn(tx: Tx, ...requests: JobRequest[]): void {
    this.module.get(Outbox, { strict: false }).enqueue(tx, ...requests);
  }

  enqueue(...requests: JobRequest[]): Promise<void> {
    return this.database.transaction(this.tenantId, (tx) => this.enqueueIn(tx, ...requests));
  }

  /** Rows of the outbox, oldest first. */
  outbox(): Promise<Row[]> {
    return this.fresh.query('select id, name, due_at, generation, failures, last_error, dead_at from outbox order by created_at, id');
  }

  query<T>(sql: string, parameters: unknown[] = []): Promise<T[]> {
    return this.fresh.query(sql, parameters);
  }

  /** How many jobs the queue of this name holds, in whatever state. */
  async queued(name: JobName): Promise<number> {
    await this.module.get(Relay, { strict: false }).settled();
    const counts = await this.module.get(Queues, { strict: false }).of(name).getJobCounts();
    return Object.values(counts).reduce((sum, count) => sum + count, 0);
  }

  async delayed(name: JobName): Promise<boolean> {
    return (await this.module.get(Queues, { strict: false }).of(name).getJobCounts('delayed'))['delayed'] === 1;
  }

  lose(): Promise<void> {
    return loseQueue(this.fresh, this.redisUrl);
  }

  sweeps(eager = false): Promise<number> {
    return this.sweep.once(eager);
  }

  /** Time moves on, and the sweep is told, as it is on the sandbox page. */
  async forward(ms: number): Promise<void> {
    await this.module.get(Relay, { strict: false }).settled();
    this.clock.forward(ms);
    await this.sweeps(true);
  }

  ran(times: number): Promise<unknown> {
    return eventually(() => `${times} runs; there were ${JSON.stringify(this.work.runs)}`, () => this.work.runs.length >= times);
  }

  /** All jobs have run, once each, and nothing is left of them. */
  async quiet(runs: number): Promise<void> {
    await this.ran(runs);
    await eventually('an empty outbox', async () => (await this.outbox()).length === 0);
    for (const name of new Set(this.work.runs.map((run) => run.name))) await eventually(`an empty queue ${name}`, async () => (await this.queued(name)) === 0);
  }
}
