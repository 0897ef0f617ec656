import { secured } from '@throughline/database/security.js';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Shifts in the calendars that people use. The address of each is made from its row, and stands nowhere. */
export class Calendars1700000182000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`create table calendars (
      id uuid primary key,
      tenant_id uuid not null,
      schedule_id uuid not null references schedules (id),
      -- whose shifts; everybody's, where nobody is named
      staff_id uuid references staff_members (id),
      made_by text,
      -- of what was asked for, where it came with a key
      fingerprint text not null,
      created_at timestamptz(3) not null,
      -- noted once an hour
      read_at timestamptz(3),
      removed_at timestamptz(3)
    )`);
    await db.query('create index calendars_schedule on calendars (tenant_id, schedule_id, created_at, id) where removed_at is null');
    for (const statement of secured('calendars', 'content')) await db.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
