import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { migrate } from '@throughline/database/migrate.js';
import pg from 'pg';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { migrations } from '../../src/migrations/all.js';

const ADMIN = process.env['TEST_ADMIN_URL']!;
const PLAIN_USER = `plain_${randomBytes(6).toString('hex')}`;
const databases: string[] = [];

const asked = async <T>(url: string, sql: string): Promise<T[]> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows as T[];
  } finally {
    await client.end();
  }
};

/** An empty database, as the administrator or as somebody who only owns it. */
async function emptyDatabase(owner?: string): Promise<string> {
  const name = `m_${randomBytes(6).toString('hex')}`;
  await asked(ADMIN, `create database ${name} ${owner ? `owner ${owner}` : ''}`);
  databases.push(name);
  const url = new URL(ADMIN);
  url.pathname = `/${name}`;
  if (owner) [url.username, url.password] = [owner, 'plain'];
  return url.toString();
}

beforeAll(() => asked(ADMIN, `create role ${PLAIN_USER} login password 'plain'`));
afterAll(async () => {
  for (const name of databases) await asked(ADMIN, `drop database ${name} with (force)`);
  await asked(ADMIN, `drop role ${PLAIN_USER}`);
});

const NAMES = migrations.map((migration) => migration.name);

test('four that migrate an empty database at once run each migration once, and a fifth finds nothing to do', async () => {
  const url = await emptyDatabase();
  const done = await Promise.all(Array.from({ length: 4 }, () => migrate(url, migrations)));
  expect(done.flat().sort()).toEqual([...NAMES].sort());
  expect(done.filter((names) => names.length > 0)).toHaveLength(1);
  expect(await migrate(url, migrations)).toEqual([]);
  expect(await asked(url, 'select name from migrations order by id')).toEqual(NAMES.map((name) => ({ name })));
});

test('two databases of one server may be migrated at once', async () => {
  const urls = await Promise.all([emptyDatabase(), emptyDatabase()]);
  expect(await Promise.all(urls.map((url) => migrate(url, migrations)))).toEqual([NAMES, NAMES]);
});

test('a database of an older version gets what is new and nothing again', async () => {
  const url = await emptyDatabase();
  expect(await migrate(url, migrations.slice(0, 4))).toEqual(NAMES.slice(0, 4));
  expect(await migrate(url, migrations)).toEqual(NAMES.slice(4));
});

class Broken1799999999000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query('create table half_done (id int)');
    await db.query('select 1 / 0');
  }

  async down(): Promise<void> {}
}

test('a migration that fails leaves nothing half-done, keeps those before it, and blocks nobody', async () => {
  const url = await emptyDatabase();
  await expect(migrate(url, [...migrations, Broken1799999999000])).rejects.toThrow('division by zero');
  expect(await asked(url, `select to_regclass('half_done') as it`)).toEqual([{ it: null }]);
  expect(await migrate(url, migrations)).toEqual([]);
});

test('migrations only go forward', async () => {
  for (const Migration of migrations.slice(0, 3)) await expect(new Migration().down()).rejects.toThrow('Restore a backup');
});

test('somebody who may not grant the role is told what an administrator has to run, and afterwards it works', async () => {
  const url = await emptyDatabase(PLAIN_USER);
  const refusal = await migrate(url, migrations).then(() => '', (error: Error) => error.message);
  expect(refusal).toContain('create role throughline_app nologin nobypassrls; grant throughline_app to <user of DATABASE_URL>;');
  await asked(ADMIN, `grant throughline_app to ${PLAIN_USER}`);
  expect(await migrate(url, migrations)).toEqual(NAMES);
});

test('windows of WhatsApp begin with what was written before there were any, also for an owner who is no administrator', async () => {
  const url = await emptyDatabase(PLAIN_USER);
  const before = migrations.slice(0, NAMES.indexOf('WhatsappWindows1700000020000'));
  await migrate(url, before);
  const tenant = '01991c2e-8f00-7c11-9a5e-2f4b6c8d0e1f';
  const admin = new URL(ADMIN);
  admin.pathname = new URL(url).pathname;
  const wrote = (id: number, channel: string, at: string): string =>
    `insert into messages (id, tenant_id, conversation_sid, seq, direction, author_kind, author, channel, address, sender, body, status, mirror_state, created_at)
     values ('00000000-0000-7000-8000-00000000000${id}', '${tenant}', 'CH1', ${id}, 'inbound', 'contact', 'c', '${channel}', '+15551230001', '+15550100001', 'Hi', 'received', 'none', '${at}')`;
  await asked(admin.toString(), `set session_replication_role = replica; ${wrote(1, 'whatsapp', '2026-01-05T09:00:00Z')}; ${wrote(2, 'whatsapp', '2026-01-05T10:00:00Z')}; ${wrote(3, 'sms', '2026-01-05T11:00:00Z')}`);
  await migrate(url, migrations);
  expect(await asked(admin.toString(), 'select tenant_id, sender, address, last_wrote_at from whatsapp_windows')).toEqual([
    { tenant_id: tenant, sender: '+15550100001', address: '+15551230001', last_wrote_at: new Date('2026-01-05T10:00:00Z') },
  ]);
  expect(await asked(admin.toString(), `select relforcerowsecurity as forced from pg_class where relname = 'messages'`)).toEqual([{ forced: true }]);
});

test('who said stop before there was a ledger has it as the first word there', async () => {
  const url = await emptyDatabase(PLAIN_USER);
  const before = migrations.findIndex(({ name }) => name.startsWith('ConsentLedger'));
  await migrate(url, migrations.slice(0, before));
  const tenant = '01991c2e-8f00-7c11-9a5e-2f4b6c8d0e1f';
  const asTenant = `set role throughline_app; set app.tenant = '${tenant}'`;
  await asked(url, `${asTenant}; insert into consents (tenant_id, channel, address, sender, state, evidence, changed_at) values
    ('${tenant}', 'sms', '+15551230001', '+15550100001', 'opted_out', 'SM1', '2026-01-05T09:00:00Z'),
    ('${tenant}', 'sms', '+15551230002', '+15550100001', 'opted_out', 'twilio_21610', '2026-01-05T09:00:00Z')`);
  await migrate(url, migrations);
  const asProduct = new URL(url);
  asProduct.searchParams.set('options', `-c role=throughline_app -c app.tenant=${tenant}`);
  const ledger = await asked(asProduct.toString(),
    'select address, purpose, state, source, recorded_at = changed_at as dated from consents order by address');
  const word = { purpose: 'everything', state: 'opted_out', dated: true };
  expect(ledger).toEqual([{ ...word, address: '+15551230001', source: 'keyword' }, { ...word, address: '+15551230002', source: 'provider' }]);
});
