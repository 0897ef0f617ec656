let taken = 0;
/** Databases of one Redis that a worker of the test run may use for itself. */
const PER_WORKER = 200;

/** With `TEST_REDIS_URL`: an empty Redis database of the house's own. Without: nothing, and BullMQ runs on Postgres. */
export async function freshRedis(): Promise<Record<string, string>> {
  const base = process.env['TEST_REDIS_URL'];
  if (!base) return {};
  const worker = Number(process.env['JEST_WORKER_ID'] ?? '1');
  const url = `${base}/${worker * PER_WORKER + (taken++ % PER_WORKER)}`;
  const { Redis } = await import('ioredis');
  const client = new Redis(url);
  await client.flushdb();
  client.disconnect();
  return { REDIS_URL: url };
}
