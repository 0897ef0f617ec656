import { Redis } from 'ioredis';
import type { TestDatabase } from './postgres.js';

/** Everything that BullMQ knows is gone, as after a Redis that came back empty. */
export async function loseQueue(database: TestDatabase, redisUrl: string | undefined): Promise<void> {
  if (redisUrl) return flush(redisUrl);
  const tables = await database.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'bullmq' and tablename not like '%migration%' and tablename <> 'meta'`,
  );
  await database.query(`truncate ${tables.map((table) => `bullmq.${table.name}`).join(', ')}`);
}

async function flush(url: string): Promise<void> {
  const client = new Redis(url);
  await client.flushdb();
  client.disconnect();
}

/** Ends the connections that carry what sockets are told: on Redis they are like all others there. */
export async function cutLines(database: TestDatabase, redisUrl: string | undefined): Promise<void> {
  if (!redisUrl) {
    await database.query(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'throughline-sockets' and datname = current_database()`);
    return;
  }
  const redis = new Redis(redisUrl);
  // Of our own database only: other houses live on the same server.
  const clients = String(await redis.call('CLIENT', 'LIST')).split('\n').filter((line) => line.includes(` db=${new URL(redisUrl).pathname.slice(1)} `));
  for (const line of clients) await redis.call('CLIENT', 'KILL', 'ID', /^id=(\d+)/.exec(line)![1]!, 'SKIPME', 'yes');
  redis.disconnect();
}
