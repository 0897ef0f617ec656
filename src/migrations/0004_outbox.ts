import { secured } from '@throughline/database/security.js';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Jobs and timers as rows: the queue may forget them, this table does not. */
export class Outbox1700000004000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`create table outbox (
      id uuid primary key,
      tenant_id uuid not null,
      name text not null,
      payload jsonb not null,
      due_at timestamptz(3) not null,
      -- when the sweep looks at the row if it is still here
      wake_at timestamptz(3) not null,
      generation integer not null default 0,
      failures integer not null default 0,
      last_error text,
      dead_at timestamptz(3),
      created_at timestamptz(3) not null
    )`);
    await db.query('create index outbox_wake on outbox (wake_at) where dead_at is null');
    await db.query('create index outbox_due on outbox (due_at) where dead_at is null');
    for (const statement of secured('outbox', 'routing')) await db.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
