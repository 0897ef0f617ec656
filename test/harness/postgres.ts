import { randomBytes } from 'node:crypto';
import pg from 'pg';

export interface TestDatabase {
  /** As the owner of the tables; the product goes on from here to its own role by itself. */
  url: string;
  /** Straight SQL, for what a test wants to see. Not subject to row-level security. */
  query<T>(sql: string, parameters?: unknown[]): Promise<T[]>;
  drop(): Promise<void>;
}

const TEMPLATE = 'throughline_template';

/** A migrated, empty database of the suite's own. */
export async function freshDatabase(): Promise<TestDatabase> {
  const adminUrl = process.env['TEST_ADMIN_URL'];
  if (!adminUrl) throw new Error('TEST_ADMIN_URL is missing: start the tests with the repository\'s jest.config.mjs.');
  const name = `t_${randomBytes(6).toString('hex')}`;
  await once(adminUrl, `create database ${name} template ${TEMPLATE} strategy file_copy`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  const pool = new pg.Pool({ connectionString: url.toString(), max: 2 });
  pool.on('error', () => undefined);
  return {
    url: url.toString(),
    query: async <T>(sql: string, parameters: unknown[] = []) => (await pool.query(sql, parameters)).rows as T[],
    drop: async () => {
      await pool.end();
      await once(adminUrl, `drop database if exists ${name} with (force)`);
    },
  };
}

async function once(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
