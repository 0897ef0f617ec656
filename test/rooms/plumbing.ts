import type { DynamicModule, Provider } from '@nestjs/common';
import { appDataSource, Database } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { JobRunner } from '@throughline/queues/job-runner.js';
import { Outbox } from '@throughline/queues/outbox.js';
import { OutboxRows } from '@throughline/queues/outbox.rows.js';
import { Relay } from '@throughline/queues/relay.js';
import type { DataSource } from 'typeorm';
import { AppConfig } from '../../src/app.config.js';
import { TenancyService } from '../../src/tenancy/tenancy.service.js';
import { WindowsService } from '../../src/tenancy/windows.service.js';

/** Jobs stay rows: a room test runs them itself, by calling the service. */
class RowsOnly extends Relay {
  override push(): void {}
}

export const roomConfig: AppConfig = {
  port: 0, publicBaseUrl: 'http://127.0.0.1', trustedProxies: ['loopback'], dataDir: '', databaseUrl: '', redisUrl: undefined, roles: { web: false, worker: true },
  twilio: { accountSid: 'AC00000000000000000000000000000001', authToken: 'token' },
  model: { apiKey: 'any', baseUrl: undefined, name: 'scripted-model' }, turnQuietMs: 0, adminToken: 'sixteen-characters', secretsKey: 'a key of the rooms', mailPrivateHosts: ['127.0.0.1'], vapi: {}, logLevel: 'silent',
};

/** What every room of the product finds in place; jobs stay in their rows. */
export function plumbingOf(url: string, given: [unknown, unknown][]): DynamicModule {
  const rows = new OutboxRows(url);
  const clock = given.find(([token]) => token === Clock)![1] as Clock;
  const values: [unknown, unknown][] = [
    ...given, [AppConfig, roomConfig], [OutboxRows, rows],
    [Outbox, new Outbox(clock, new RowsOnly(clock, undefined as never))], [JobRunner, new JobRunner(clock, rows)],
  ];
  const providers = values.map(([provide, useValue]) => ({ provide, useValue })) as Provider[];
  return { module: class Plumbing {}, global: true, providers, exports: providers };
}

/** The symbol of `libs/kernel/src/points.ts`. */
const WATCHER = Symbol.for('throughline.point');

/** Whoever comes to this point next dies there. @returns ends the watch, and says whether somebody has */
export function diesAt(point: string): () => boolean {
  const watched = globalThis as Record<symbol, unknown>;
  let died = false;
  watched[WATCHER] = (at: string): void => {
    if (died || at !== point) return;
    died = true;
    throw new Error(`died at ${point}`);
  };
  return () => {
    delete watched[WATCHER];
    return died;
  };
}

/** Whoever comes to this point next waits there until this is done. @returns ends the watch, and says what has come of it */
export function waitsAt<Outcome>(point: string, work: () => Promise<Outcome>): () => Outcome | undefined {
  const watched = globalThis as Record<symbol, unknown>;
  let outcome: Outcome | undefined;
  watched[WATCHER] = async (at: string): Promise<void> => {
    if (at !== point) return;
    delete watched[WATCHER];
    outcome = await work();
  };
  return () => {
    delete watched[WATCHER];
    return outcome;
  };
}

/** A pool of one: whoever asks for a second connection, with the only one in hand, gets none, and says so after a few seconds. */
export const oneConnection = (url: string): DataSource => appDataSource({ url, poolSize: 1 }).setOptions({ connectTimeoutMS: 2_000 });

class Hurried extends Clock {
  private at = Date.UTC(2026, 0, 5);

  now(): Date {
    this.at += 60_000;
    return new Date(this.at);
  }
}

/** Knows no tenant and no sender any more when it is asked again: as if what it keeps of them ran out each time. */
export const forgetfulTenancy = {
  factory: (database: Database, config: AppConfig, windows: WindowsService): TenancyService => new TenancyService(database, new Hurried(), config, windows),
  inject: [Database, AppConfig, WindowsService],
};
