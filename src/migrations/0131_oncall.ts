import { secured } from '@throughline/database/security.js';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Schedules, and what is said about them for a while. */
export class Oncall1700000131000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`create table schedules (
      id uuid primary key,
      tenant_id uuid not null,
      name text not null,
      time_zone text not null,
      layers jsonb not null,
      external_ref text,
      -- what was asked for when it was made
      fingerprint text not null,
      version integer not null,
      created_at timestamptz(3) not null,
      changed_at timestamptz(3) not null,
      removed_at timestamptz(3)
    )`);
    await db.query('create unique index schedules_name on schedules (tenant_id, lower(name)) where removed_at is null');
    await db.query('create unique index schedules_ref on schedules (tenant_id, external_ref) where removed_at is null');
    await db.query(`create table schedule_exceptions (
      id uuid primary key,
      tenant_id uuid not null,
      schedule_id uuid not null references schedules (id),
      kind text not null check (kind in ('override', 'cover')),
      starts_at timestamptz(3) not null,
      ends_at timestamptz(3) not null,
      -- of an override: who is not on call
      removes uuid references staff_members (id),
      -- who is: of an override one or none, of a cover all
      staff text[] not null,
      reason text,
      made_by text,
      fingerprint text not null,
      -- what was said later changes what earlier words have left
      created_at timestamptz(3) not null,
      removed_at timestamptz(3)
    )`);
    await db.query('create index schedule_exceptions_of on schedule_exceptions (tenant_id, schedule_id, ends_at) where removed_at is null');
    for (const table of ['schedules', 'schedule_exceptions']) {
      for (const statement of secured(table, 'content')) await db.query(statement);
    }
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
