import type { DynamicModule, Provider } from '@nestjs/common';
import { Clock } from '@throughline/kernel/clock.js';
import { JobRunner } from '@throughline/queues/job-runner.js';
import { Outbox } from '@throughline/queues/outbox.js';
import { OutboxRows } from '@throughline/queues/outbox.rows.js';
import { Relay } from '@throughline/queues/relay.js';
import { AppConfig } from '../../src/app.config.js';

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
