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
