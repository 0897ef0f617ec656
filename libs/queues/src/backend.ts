import { lasting } from '@throughline/database/client.js';
import { runMigrations, setDefaultBackendFactory } from 'bullmq';
import { Redis } from 'ioredis';
import pg from 'pg';
import { backendFactory, Listener } from './postgres.backend.js';

/** What BullMQ runs on: the same Postgres as everything else, or Redis when `REDIS_URL` names one. */
export interface QueueBackend {
  kind: 'postgres' | 'redis';
  connection: pg.Pool | Redis;
  close(): Promise<void>;
}

const MOST_CONNECTIONS = 8;
const FEWEST_CONNECTIONS = 4;

/** Must be called before the Nest application is created: BullMQ asks for its backend when a queue is made. */
export async function openBackend(options: { databaseUrl: string; redisUrl?: string | undefined }): Promise<QueueBackend> {
  return options.redisUrl ? openRedis(options.redisUrl) : openPostgres(options.databaseUrl);
}

async function openPostgres(url: string): Promise<QueueBackend> {
  // The outbox holds every job until it is done, so the queue itself need not wait for the disk.
  // After a backlog on a fresh queue the planner sorts all rows for each claim; without sorting it takes the index.
  const pool = new pg.Pool({
    ...lasting(FEWEST_CONNECTIONS),
    connectionString: url,
    max: MOST_CONNECTIONS,
    // Every worker makes its own LISTEN, all of them on the one connection.
    pipeline: true,
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
  const listener = new Listener(pool);
  setDefaultBackendFactory(backendFactory(pool, listener) as never);
  return { kind: 'postgres', connection: pool, close: () => listener.close().then(() => endQuietly(pool)) };
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
