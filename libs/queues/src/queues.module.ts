import { BullModule, BullRegistrar } from '@nestjs/bullmq';
import {
  type DynamicModule, Global, Injectable, Module, type OnApplicationBootstrap, type OnApplicationShutdown,
} from '@nestjs/common';
import { ModuleRef } from '@nestjs/core';
import type { QueueBackend } from './backend.js';
import { jobNames } from './job-catalog.js';
import { JobRunner } from './job-runner.js';
import { Outbox } from './outbox.js';
import { OutboxRows } from './outbox.rows.js';
import { Queues } from './queues.js';
import { Relay } from './relay.js';
import { Sweep } from './sweep.js';

export interface QueuesOptions {
  backend: QueueBackend;
  databaseUrl: string;
  /** Whether this process works on jobs (`HUB_ROLES` has `worker`), or only asks for them. */
  work: boolean;
}

/** Starts the workers once every room is ready, and ends them before the database goes away. */
@Injectable()
class Workforce implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(
    private readonly moduleRef: ModuleRef,
    private readonly runner: JobRunner,
    private readonly sweep: Sweep,
    private readonly relay: Relay,
    private readonly queues: Queues,
    private readonly work: boolean,
  ) {}

  onApplicationBootstrap(): void {
    this.runner.assertComplete();
    for (const name of jobNames) this.queues.of(name).on('error', (error) => this.runner.noteTrouble(name, error));
    if (!this.work) return;
    this.moduleRef.get(BullRegistrar, { strict: false }).register();
    this.sweep.start();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.sweep.stop();
    await this.relay.settled();
  }}

@Global()
@Module({})
export class QueuesModule {
  static forRoot(options: QueuesOptions): DynamicModule {
    const queues = jobNames.map((name) => ({ name }));
    return {
      module: QueuesModule,
      imports: [
        BullModule.forRoot({ connection: options.backend.connection as never, extraOptions: { manualRegistration: true } }),
        BullModule.registerQueue(...queues),
      ],
      providers: [
        Queues, Relay, Outbox, JobRunner, Sweep,
        { provide: OutboxRows, useFactory: () => new OutboxRows(options.databaseUrl) },
        {
          provide: Workforce,
          inject: [ModuleRef, JobRunner, Sweep, Relay, Queues],
          useFactory: (modules: ModuleRef, runner: JobRunner, sweep: Sweep, relay: Relay, all: Queues) =>
            new Workforce(modules, runner, sweep, relay, all, options.work),
        },
      ],
      exports: [Queues, Outbox, JobRunner, Sweep, OutboxRows],
    };
  }
}
