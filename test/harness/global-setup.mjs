// One Postgres server for the whole run; every suite makes its own database from a migrated template.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startEmbeddedPostgres } from '@throughline/database/embedded-postgres.js';
import { migrate } from '@throughline/database/migrate.js';
import { runMigrations } from 'bullmq';
import pg from 'pg';
import { migrations } from '../../dist/src/migrations/all.js';
import { bundleHub, startOf } from './hub.bundle.mjs';
import { startJudge } from './referee.judge.mjs';

export const TEMPLATE = 'throughline_template';

export default async function setup({ testPathPatterns }) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'throughline-test-'));
  const given = process.env.TEST_DATABASE_URL;
  // Nothing of a test run has to survive a power cut, nor lives long enough to be tidied up.
  const settings = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', autovacuum: 'off', max_connections: 400, shared_buffers: '128MB' };
  const server = given ? undefined : await startEmbeddedPostgres({ dataDir: path.join(folder, 'postgres'), settings });
  const admin = given ?? server.url();
  await withClient(admin, async (client) => {
    await client.query(`drop database if exists ${TEMPLATE} with (force)`);
    await client.query(`create database ${TEMPLATE}`);
  });
  const template = new URL(admin);
  template.pathname = `/${TEMPLATE}`;
  await migrate(template.toString(), migrations);
  await withClient(template.toString(), (client) => runMigrations(client));
  process.env.TEST_ADMIN_URL = admin;
  const { patterns } = testPathPatterns;
  const hub = patterns.length === 0 || patterns.some((pattern) => /journeys|browser/.test(pattern)) ? await bundleHub(await firstDatabase(admin)) : undefined;
  if (hub) process.env.TEST_HUB = JSON.stringify(startOf(hub));
  const referee = process.env.TEST_REFEREE_DIR;
  const judge = referee ? await startJudge(referee) : undefined;
  if (judge) process.env.TEST_JUDGE = judge.url;
  globalThis.throughlineTest = { server, folder, judge };
}

/** For the start of the hub that is not a test. */
async function firstDatabase(admin) {
  const url = new URL(admin);
  url.pathname = '/throughline_first';
  await withClient(admin, async (client) => {
    await client.query('drop database if exists throughline_first with (force)');
    await client.query(`create database throughline_first template ${TEMPLATE} strategy file_copy`);
  });
  return url.toString();
}

async function withClient(url, work) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
