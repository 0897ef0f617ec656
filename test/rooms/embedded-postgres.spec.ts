import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { eventually } from '../harness/eventually.js';

const ROOT = path.resolve(import.meta.dirname, '../..');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tl-pg-'));
const dataDir = path.join(folder, 'pg');
const children: ChildProcess[] = [];

afterAll(() => {
  for (const child of children) child.kill('SIGKILL');
  fs.rmSync(folder, { recursive: true, force: true });
});

/** A process that runs a Postgres of its own, as the hub does. */
const KEEPER = `
  import { startEmbeddedPostgres } from '@throughline/database/embedded-postgres.js';
  const server = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)}, settings: { fsync: 'off' } });
  console.log(server.url());
  process.on('SIGTERM', () => void server.stop().then(() => process.exit(0)));
  setInterval(() => undefined, 1_000);
`;

interface Keeper {
  child: ChildProcess;
  url: string;
}

async function keeper(): Promise<Keeper> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', KEEPER], { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let output = '';
  for (const stream of [child.stdout!, child.stderr!]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const url = await eventually(() => `a Postgres; it said: ${output}`, () => {
    if (child.exitCode !== null) throw new Error(output);
    return /postgres:\/\/\S+/.exec(output)?.[0];
  });
  return { child, url };
}

const ended = (child: ChildProcess): Promise<unknown> => new Promise((resolve) => child.once('exit', resolve));

async function asked(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** The server's own process, as its lock file has it; 0 when there is none. */
const postmaster = (): number => (fs.existsSync(`${dataDir}/postmaster.pid`) ? Number(fs.readFileSync(`${dataDir}/postmaster.pid`, 'utf8').split('\n')[0]) : 0);

/** Processes whose command line names the data folder. */
const servers = (): string[] =>
  fs.readdirSync('/proc').filter((name) => /^\d+$/.test(name)).filter((pid) => {
    try {
      return fs.readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`-D\0${dataDir}\0`);
    } catch {
      return false;
    }
  });

test('a Postgres goes when the process that started it goes, by whatever hand, keeps its rows for the next one, and is shared with nobody', async () => {
  const first = await keeper();
  await asked(first.url, 'create table kept (word text)');
  await asked(first.url, `insert into kept values ('still here')`);
  expect(postmaster()).toBeGreaterThan(0);
  expect(servers().length).toBeGreaterThan(0);

  const killed = ended(first.child);
  first.child.kill('SIGKILL');
  await killed;
  await eventually('the orphaned Postgres to be gone', () => servers().length === 0);

  const second = await keeper();
  expect(await asked(second.url, 'select word from kept')).toEqual([{ word: 'still here' }]);
  await expect(keeper()).rejects.toThrow(`Another process uses the embedded Postgres in ${dataDir}. Stop it, or set DATA_DIR to another folder.`);
  expect(await asked(second.url, 'select word from kept')).toEqual([{ word: 'still here' }]);

  expect(fs.existsSync(`${dataDir}.new`)).toBe(false);
  expect(fs.statSync(`${dataDir}.password`).mode & 0o077).toBe(0);

  const stopped = ended(second.child);
  second.child.kill('SIGTERM');
  expect(await stopped).toBe(0);
  expect([postmaster(), servers()]).toEqual([0, []]);
});
