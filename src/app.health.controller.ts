import { Controller, Get, Header } from '@nestjs/common';
import { Database } from '@throughline/database/database.js';
import { HubError } from '@throughline/kernel/errors.js';
import { OutboxRows } from '@throughline/queues/outbox.rows.js';
import { collectDefaultMetrics, Gauge, register } from 'prom-client';

collectDefaultMetrics();

const outbox = new Gauge({ name: 'throughline_outbox_jobs', help: 'Jobs not done yet, by state', labelNames: ['state'] });
const oldest = new Gauge({ name: 'throughline_outbox_oldest_due_timestamp_seconds', help: 'When the oldest open job was due' });

/** Liveness, readiness, metrics. */
@Controller()
export class HealthController {
  constructor(
    private readonly database: Database,
    private readonly rows: OutboxRows,
  ) {}

  @Get('healthz')
  alive(): { status: string } {
    return { status: 'ok' };
  }

  /** Ready means that a webhook would be kept. The queue may be away: rows wait for it. */
  @Get('readyz')
  async ready(): Promise<{ status: string }> {
    await this.database.asSystem((tx) => tx.rows('select 1')).catch((cause: unknown) => {
      throw new HubError('unavailable', 'not_ready', 'The database does not answer.', { cause });
    });
    return { status: 'ready' };
  }

  @Get('metrics')
  @Header('Content-Type', register.contentType)
  async metrics(): Promise<string> {
    const counts = await this.rows.counts();
    outbox.set({ state: 'waiting' }, counts.waiting);
    outbox.set({ state: 'failing' }, counts.failing);
    outbox.set({ state: 'set_aside' }, counts.dead);
    oldest.set((counts.oldestDueAt?.getTime() ?? 0) / 1_000);
    return register.metrics();
  }
}
