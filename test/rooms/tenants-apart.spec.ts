import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { APP_ROLE, appDataSource, Database, SYSTEM } from '@throughline/database/database.js';
import { uuidv7 } from '@throughline/kernel/ids.js';
import type { DataSource } from 'typeorm';
import { freshDatabase, type TestDatabase } from '../harness/postgres.js';

const [ELM, OAK] = [uuidv7(1), uuidv7(2)];
/** Of these the system scope sees the rows of all tenants: who owns this number, which job is due. */
const ROUTING = ['api_tokens', 'call_tenants', 'callback_tenants', 'conversation_tenants', 'incident_keys', 'mailboxes', 'mails', 'outbox', 'placements', 'senders', 'tenants', 'transfer_tenants', 'vapi_calls', 'widgets'];

interface Column {
  table: string;
  name: string;
  type: string;
  needed: boolean;
}

let fresh: TestDatabase;
let dataSource: DataSource;
let database: Database;
let tables: string[];
let columns: Column[];

beforeAll(async () => {
  fresh = await freshDatabase();
  dataSource = await appDataSource({ url: fresh.url }).initialize();
  database = new Database(dataSource);
  tables = (await fresh.query<{ name: string }>(
    `select tablename as name from pg_tables where schemaname = 'public' and tablename <> 'migrations' order by tablename`,
  )).map((row) => row.name);
  columns = await fresh.query<Column>(
    `select table_name as table, column_name as name, udt_name as type, is_nullable = 'NO' and column_default is null as needed
     from information_schema.columns where table_schema = 'public'`,
  );
  // One row of each tenant in every table, past all policies; what the row says does not matter here.
  await fresh.query(`set session_replication_role = replica; ${tables.flatMap((table) => [rowOf(table, ELM), rowOf(table, OAK)]).join('; ')}`);
});
afterAll(async () => {
  await dataSource.destroy();
  await fresh.drop();
});

const keyOf = (table: string): string => (table === 'tenants' ? 'id' : 'tenant_id');

/** Values that the checks of some columns allow. */
const ALLOWED: Record<string, string> = {
  'consents.state': 'opted_in', 'consents.purpose': 'service', 'consents.source': 'form', 'addresses.trust': 'verified', 'messages.direction': 'inbound', 'messages.author_kind': 'contact', 'messages.mirror_state': 'none',
  'turns.state': 'said', 'tool_calls.outcome': 'done', 'mails.fate': 'received', 'calls.direction': 'inbound', 'calls.state': 'ended', 'voicemails.state': 'received', 'transfers.style': 'hold',
  'outbound_calls.when_machine': 'talk', 'outbound_calls.requested_by': 'api', 'transfers.mode': 'in_order', 'transfers.state': 'returned',
  'incidents.state': 'armed', 'callbacks.state': 'over', 'alarm_words.match': 'words', 'drill_runs.outcome': 'begun', 'verdicts.judge': 'words', 'incident_attempts.says': 'alert', 'incident_attempts.channel': 'sms', 'contact_methods.channel': 'sms', 'schedule_exceptions.kind': 'cover',
};

function literal({ table, name, type }: Column, tenant: string): string {
  if (name === keyOf(table)) return `'${tenant}'`;
  const values: Record<string, string> = {
    uuid: `'${uuidv7(Math.floor(Math.random() * 1e9))}'`, text: `'${ALLOWED[`${table}.${name}`] ?? `${tenant}-${name}`}'`, timestamptz: 'now()', int4: '1', int8: '1', float4: '1', bool: 'false', jsonb: `'{}'`, _text: `'{}'`,
  };
  const value = values[type];
  if (!value) throw new Error(`This test has no value for the type ${type} of ${table}.${name}. Give it one.`);
  return value;
}

function rowOf(table: string, tenant: string): string {
  const needed = columns.filter((column) => column.table === table && (column.needed || column.name === keyOf(table)));
  return `insert into ${table} (${needed.map(({ name }) => name).join(', ')}) values (${needed.map((column) => literal(column, tenant)).join(', ')})`;
}

const ownersSeen = (scope: string, table: string): Promise<string[]> =>
  database.transaction(scope, async (tx) =>
    (await tx.rows<{ owner: string }>(`select ${keyOf(table)}::text as owner from ${table}`)).map((row) => row.owner).sort());

/** Each table with what `ask` answers for it. */
const ofEach = async <T>(list: readonly string[], ask: (table: string) => Promise<T>): Promise<Record<string, T>> => {
  const answers: [string, T][] = [];
  for (const table of list) answers.push([table, await ask(table)]);
  return Object.fromEntries(answers);
};
const all = <T>(list: readonly string[], answer: T): Record<string, T> => Object.fromEntries(list.map((table) => [table, answer]));
const refused = (work: Promise<unknown>): Promise<string> => work.then(() => 'done', (error: Error) => error.message.replace(/"\w+"/g, '…'));

test('every table has an owner column, row-level security that holds for its owner too, and one policy', async () => {
  const secured = await fresh.query(
    `select c.relname as table, c.relrowsecurity as enabled, c.relforcerowsecurity as forced, count(p.polname)::int as policies
     from pg_class c left join pg_policy p on p.polrelid = c.oid
     where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relname <> 'migrations' group by c.oid order by c.relname`,
  );
  expect(secured).toEqual(tables.map((table) => ({ table, enabled: true, forced: true, policies: 1 })));
  expect(tables.filter((table) => !columns.some((column) => column.table === table && column.name === keyOf(table)))).toEqual([]);
});

test('a tenant sees its own row of every table and no other', async () => {
  expect(await ofEach(tables, (table) => ownersSeen(ELM, table))).toEqual(all(tables, [ELM]));
  expect(await ofEach(tables, (table) => ownersSeen(OAK, table))).toEqual(all(tables, [OAK]));
  expect(await ofEach(tables, (table) => ownersSeen(uuidv7(3), table))).toEqual(all(tables, []));
});

test('the system scope sees the routing tables of all tenants, and no content', async () => {
  const content = tables.filter((table) => !ROUTING.includes(table));
  expect(await ofEach(tables, (table) => ownersSeen(SYSTEM, table))).toEqual({ ...all(ROUTING, [ELM, OAK].sort()), ...all(content, []) });
});

test('a tenant cannot change or remove another one\'s row, not even by naming it', async () => {
  const touched = (statement: (table: string) => string) => (table: string): Promise<number> =>
    database.transaction(ELM, (tx) => tx.count(statement(table), [OAK]));
  expect(await ofEach(tables, touched((table) => `update ${table} set ${keyOf(table)} = ${keyOf(table)} where ${keyOf(table)} = $1`))).toEqual(all(tables, 0));
  expect(await ofEach(tables, touched((table) => `delete from ${table} where ${keyOf(table)} = $1`))).toEqual(all(tables, 0));
  expect(await ofEach(tables, (table) => ownersSeen(OAK, table))).toEqual(all(tables, [OAK]));
});

const VIOLATION = 'new row violates row-level security policy for table …';

test('a tenant can neither write a row for another one nor give its own away', async () => {
  expect(await ofEach(tables, (table) => refused(database.transaction(ELM, (tx) => tx.count(rowOf(table, OAK)))))).toEqual(all(tables, VIOLATION));
  const given = (table: string): Promise<string> => refused(database.transaction(ELM, (tx) => tx.count(`update ${table} set ${keyOf(table)} = $1`, [uuidv7(4)])));
  expect(await ofEach(tables, given)).toEqual(all(tables, VIOLATION));
});

test('without a scope a connection of the product sees nothing and writes nothing', async () => {
  const seen = async (table: string): Promise<number> => ((await dataSource.query(`select 1 from ${table}`)) as unknown[]).length;
  expect(await ofEach(tables, seen)).toEqual(all(tables, 0));
  expect(await ofEach(tables, (table) => refused(dataSource.query(rowOf(table, ELM))))).toEqual(all(tables, VIOLATION));
});

test('the role of the product is nobody: it owns nothing, bypasses nothing and cannot switch security off', async () => {
  const [role] = await fresh.query(
    `select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb, rolcanlogin,
       (select count(*)::int from pg_class where relowner = r.oid) as owned, (select count(*)::int from pg_auth_members where member = r.oid) as memberships
     from pg_roles r where rolname = $1`, [APP_ROLE],
  );
  expect(role).toEqual({ rolsuper: false, rolbypassrls: false, rolcreaterole: false, rolcreatedb: false, rolcanlogin: false, owned: 0, memberships: 0 });
  for (const statement of [
    'alter table messages disable row level security', 'drop policy tenant_scope on messages', 'truncate messages', 'drop table messages', 'create table mine (id int)',
    'select * from migrations', 'delete from migrations',
  ]) expect([statement, await refused(dataSource.query(statement))]).toEqual([statement, expect.stringMatching(/must be owner|permission denied/)]);
  expect(await refused(dataSource.query('set row_security = off; select * from messages'))).toContain('would be affected by row-level security');
});
