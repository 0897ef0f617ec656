import { AsyncLocalStorage } from 'node:async_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { isUuid } from '@throughline/kernel/ids.js';
import type { PoolClient } from 'pg';
import { DataSource } from 'typeorm';
import { lasting } from './client.js';
import { camelRow } from './naming.js';
import { outdated } from './prepared.js';
import { Wire } from './wire.js';

/**
 * One transaction in the scope of one tenant. Row-level security shows it that tenant's rows and no others.
 * A repository takes it as its first argument; nothing else gives access to the tables.
 */
export interface Tx {
  readonly tenantId: string;
  /** Rows of any statement, `returning` included, with camelCase keys. Parameters are `$1, $2, …`. */
  rows<T>(sql: string, parameters?: unknown[]): Promise<T[]>;
  /** How many rows a statement touched. 0 is the normal answer of somebody who came second. */
  count(sql: string, parameters?: unknown[]): Promise<number>;
  /**
   * A statement whose answer nobody waits for: it travels with the next one. If it fails, so does the transaction, at the
   * latest at its commit. Only after that does `then` get its rows.
   */
  write<T>(sql: string, parameters?: unknown[], then?: (rows: T[]) => void): void;
  /** Runs once after the commit, never after a rollback. Must not throw. */
  afterCommit(work: () => void): void;
}

/** The scope that sees the routing tables (tenants, senders, tokens, inbox, outbox) of all tenants, and no content. */
export const SYSTEM = '*';

/** Role of every connection of the product: it owns nothing and cannot bypass row-level security. */
export const APP_ROLE = 'throughline_app';

export interface DatabaseOptions {
  url: string;
  /** Connections held by this process. */
  poolSize?: number;
  applicationName?: string;
}

/** A turn asks for about as many at once. */
const FEWEST_CONNECTIONS = 4;

export function appDataSource(options: DatabaseOptions): DataSource {
  return new DataSource({
    type: 'postgres',
    url: options.url,
    poolSize: options.poolSize ?? 20,
    applicationName: options.applicationName ?? 'throughline',
    extra: { ...lasting(FEWEST_CONNECTIONS), pipeline: true, options: `-c role=${APP_ROLE} -c app.tenant=`, ...socketOf(options.url) },
    logging: false,
  });
}

/** TypeORM does not read the address's query, in which a Unix socket is named as it is for libpq (`?host=/folder`). */
export function socketOf(url: string): { host?: string } {
  const host = new URLSearchParams(url.split('?')[1]).get('host');
  return host ? { host } : {};
}

/** SQLSTATE class 40: the transaction lost a race (deadlock, serialization) and may simply be run again. */
const LOST_RACE = /^40/;
const RACE_TRIES = 3;
/** Wait before a lost race is run again: at once, it might snatch from the winner what that has waited for, and meet it once more. */
const WINNER_FIRST_MS = 20;
/** Waits before another try on a new connection: a server that restarts is there again within moments, or it is a real outage. */
const RECONNECT_MS = [20, 200, 1_000];

/** The transaction that the present piece of work is in. */
const around = new AsyncLocalStorage<{ goesOn: boolean }>();
const told = new Set<string>();

/** With one connection in hand, it waits for another: when all of them do, each waits for the others for ever. Told once of each place. */
function tellOfSecond(): void {
  const place = new Error('A transaction asks for a second connection. Give it the transaction that it is in.').stack!;
  if (told.has(place)) return;
  told.add(place);
  process.emitWarning(place, 'SecondConnection');
}

export class Database {
  constructor(readonly dataSource: DataSource) {}

  /** Runs `work` in one transaction, seeing only this tenant. Run again when it lost a race or its connection, or a table was changed, so keep effects inside. */
  transaction<T>(tenantId: string, work: (tx: Tx) => T | Promise<T>): Promise<T> {
    return this.racing(tenantId, work, '');
  }

  /**
   * The same without waiting for the disk. For notes that are found out again if a power cut takes them (a lease, a
   * receipt, what the provider answered). Whatever a later ordinary transaction commits makes this one durable too.
   */
  note<T>(tenantId: string, work: (tx: Tx) => T | Promise<T>): Promise<T> {
    return this.racing(tenantId, work, '; set local synchronous_commit = off');
  }

  private async racing<T>(tenantId: string, work: (tx: Tx) => T | Promise<T>, settings: string): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.once(tenantId, work, settings);
      } catch (error) {
        await readyToTryAgain(error, tries);
      }
    }
  }

  /** A transaction over the routing tables of all tenants. Content tables show it nothing. */
  asSystem<T>(work: (tx: Tx) => T | Promise<T>): Promise<T> {
    return this.transaction(SYSTEM, work);
  }

  private async once<T>(tenantId: string, work: (tx: Tx) => T | Promise<T>, settings: string): Promise<T> {
    if (tenantId !== SYSTEM && !isUuid(tenantId)) throw new RangeError('A transaction needs the id of a tenant.');
    if (around.getStore()?.goesOn) tellOfSecond();
    const here = { goesOn: true };
    const runner = this.dataSource.createQueryRunner();
    try {
      const client = (await runner.connect().catch((error: unknown) => { throw new ConnectionLost(error); })) as PoolClient;
      // The scope is a UUID or '*': checked above, since SET takes no parameters.
      const wire = new Wire(client, `begin; set local app.tenant = '${tenantId}'${settings}`);
      const after: (() => void)[] = [];
      const result = await around.run(here, () => inside(wire, () => work(scoped(tenantId, wire, after))));
      here.goesOn = false;
      for (const run of after) run();
      return result;
    } finally {
      here.goesOn = false;
      await runner.release();
    }
  }
}

/** The connection is gone, and the transaction with it: certainly not committed. */
class ConnectionLost extends Error {
  constructor(override readonly cause: unknown) {
    super('the connection to the database was lost');
  }
}

/** @throws what went wrong, when another try is not worth it */
async function readyToTryAgain(error: unknown, tries: number): Promise<void> {
  if (error instanceof ConnectionLost) {
    if (tries > RECONNECT_MS.length) throw error.cause;
    await delay(RECONNECT_MS[tries - 1]);
  } else {
    if (tries >= RACE_TRIES || !(isLostRace(error) || outdated(error))) throw error;
    await delay(WINNER_FIRST_MS * (tries + Math.random()));
  }
}

function isLostRace(error: unknown): boolean {
  const state = (error as { code?: unknown }).code;
  return typeof state === 'string' && LOST_RACE.test(state);
}

async function inside<T>(wire: Wire, work: () => T | Promise<T>): Promise<T> {
  try {
    const result = await work();
    await wire.end('commit');
    return result;
  } catch (error) {
    await wire.end('rollback').catch(() => undefined);
    throw wire.brokeBeforeCommit ? new ConnectionLost(error) : error;
  }
}

function scoped(tenantId: string, wire: Wire, after: (() => void)[]): Tx {
  return {
    tenantId,
    rows: async <T>(sql: string, parameters: unknown[] = []) => (await wire.run(sql, parameters)).rows.map((row) => camelRow<T>(row)),
    count: async (sql, parameters = []) => (await wire.run(sql, parameters)).rowCount ?? 0,
    write: <T>(sql: string, parameters: unknown[] = [], then?: (rows: T[]) => void) => {
      const written = wire.write(sql, parameters);
      if (then) after.push(() => void written.then((rows) => then(rows.map((row) => camelRow<T>(row)))));
    },
    afterCommit: (work) => void after.push(work),
  };
}
