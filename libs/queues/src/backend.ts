import { createPostgresBackend, runMigrations, setDefaultBackendFactory } from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import { jobNames } from './job-catalog.js';

/** What BullMQ runs on: the same Postgres as everything else, or Redis when `REDIS_URL` names one. */
export interface QueueBackend {
  kind: 'postgres' | 'redis';
  connection: pg.Pool | Redis;
  close(): Promise<void>;
}

/** Every worker pins one client of the pool for LISTEN; a pool without spare clients hangs silently. */
const SPARE_CLIENTS = 22;

/** Must be called before the Nest application is created: BullMQ asks for its backend when a queue is made. */
export async function openBackend(options: { databaseUrl: string; redisUrl?: string | undefined }): Promise<QueueBackend> {
  return options.redisUrl ? openRedis(options.redisUrl) : openPostgres(options.databaseUrl);
}

async function openPostgres(url: string): Promise<QueueBackend> {
  // The outbox holds every job until it is done, so the queue itself need not wait for the disk.
  // After a backlog on a fresh queue the planner sorts all rows for each claim; without sorting it takes the index.
  const pool = new pg.Pool({
    connectionString: url,
    max: jobNames.length + SPARE_CLIENTS,
    keepAlive: true,
    application_name: 'throughline-queues',
    options: '-c search_path=bullmq -c enable_sort=off -c synchronous_commit=off',
  });
  pool.setMaxListeners(0);
  pool.on('error', () => undefined);
  const client = await pool.connect();
  try {
    await runMigrations(client);
  } finally {
    client.release();
  }
  setDefaultBackendFactory(createPostgresBackend as never);
  return { kind: 'postgres', connection: pool, close: () => endQuietly(pool) };
}

/** Postgres may end connections while they say goodbye; BullMQ's own listeners would print each of them. */
async function endQuietly(pool: pg.Pool): Promise<void> {
  pool.removeAllListeners('error');
  pool.on('error', () => undefined);
  await pool.end();
}

async function openRedis(url: string): Promise<QueueBackend> {
  setDefaultBackendFactory();
  const connection = new Redis(url, { maxRetriesPerRequest: null });
  // Losing Redis costs latency and no message, so it is a log line elsewhere and not the end of the process.
  connection.on('error', () => undefined);
  return { kind: 'redis', connection, close: async () => connection.disconnect() };
}
