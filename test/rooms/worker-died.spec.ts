import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { openBackend, type QueueBackend } from '@throughline/queues/backend.js';
import { type Job, Queue, Worker, type WorkerOptions } from 'bullmq';
import type pg from 'pg';
import { eventually } from '../harness/eventually.js';
import { freshDatabase, type TestDatabase } from '../harness/postgres.js';

const FOR_EVER = 1_000_000;
let database: TestDatabase;
let backend: QueueBackend;
let pool: pg.Pool;
const open: (Queue | Worker)[] = [];
let wakeUp: () => void = () => undefined;
beforeAll(async () => {
  database = await freshDatabase();
  backend = await openBackend({ databaseUrl: database.url });
  pool = backend.connection as pg.Pool;
});
afterEach(async () => {
  wakeUp();
  for (const one of open.splice(0).toReversed()) await one.close();
});
afterAll(async () => {
  await backend.close();
  await database.drop();
});

const connection = (): never => pool as never;
const queueOf = (name: string): Queue => {
  const queue = new Queue(name, { connection: connection() });
  open.push(queue);
  return queue;
};
const workerOf = (name: string, work: (job: Job) => Promise<unknown>, options: Partial<WorkerOptions>): Worker => {
  const worker = new Worker(name, work, { connection: connection(), maxStalledCount: 10, ...options });
  worker.on('error', () => undefined);
  open.push(worker);
  return worker;
};

test('a job whose worker fell silent is given to another', async () => {
  const name = `died-${randomUUID()}`;
  const begun: string[] = [];
  const begins = (who: string, work: Promise<unknown>) => (job: Job): Promise<unknown> => {
    begun.push(`${who}: ${job.id}`);
    return work;
  };
  const silence = new Promise<void>((resolve) => (wakeUp = resolve));
  workerOf(name, begins('silent', silence), { lockDuration: 100, lockRenewTime: FOR_EVER, skipStalledCheck: true });
  await queueOf(name).add(name, {}, { jobId: 'job--0', removeOnComplete: true });
  await eventually('the job to be begun', () => begun.length === 1);
  workerOf(name, begins('another', Promise.resolve()), { stalledInterval: 50 });
  await eventually('another to do it', () => begun.length === 2);
  expect(begun).toEqual(['silent: job--0', 'another: job--0']);
});

test('where nothing is under way, a look is all that is asked, and nothing is written', async () => {
  const names = Array.from({ length: 3 }, () => `idle-${randomUUID()}`);
  const asked: string[] = [];
  const query = pool.query.bind(pool) as (statement: { text: string }) => unknown;
  pool.query = ((statement: { text: string }) => {
    asked.push(statement.text);
    return query(statement);
  }) as never;
  for (const name of names) workerOf(name, () => Promise.resolve(), { stalledInterval: 20 });
  await eventually('five looks', () => asked.filter((text) => text.includes('distinct queue')).length >= 5);
  pool.query = query as never;
  expect(asked.filter((text) => text.includes('stalled'))).toEqual([]);
  expect(await database.query("select queue from bullmq.meta where field = 'stalled-check' and queue = any($1)", [names])).toEqual([]);
});
