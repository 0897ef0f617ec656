import { secured } from '@throughline/database/security.js';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Rehearsals that come by themselves, and what has become of each. */
export class Drills1700000151000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`create table drills (
      id uuid primary key,
      tenant_id uuid not null,
      name text not null,
      -- null: the tenant's, as it is then
      policy_id uuid references policies (id),
      time_zone text not null,
      -- 1 is Monday
      day integer not null check (day between 1 and 7),
      time text not null,
      every_weeks integer not null check (every_weeks > 0),
      -- a week in which there is one, counted from the epoch
      anchor_week integer not null,
      -- of the one that comes next, from 0: an alarm of an older one means nothing
      number integer not null,
      next_at timestamptz(3) not null,
      -- what was asked for when it was made
      fingerprint text not null,
      created_at timestamptz(3) not null,
      removed_at timestamptz(3)
    )`);
    await db.query('create index drills_page on drills (tenant_id, created_at, id)');
    await db.query(`create table drill_runs (
      id uuid primary key,
      tenant_id uuid not null,
      drill_id uuid not null references drills (id),
      outcome text not null check (outcome in ('begun', 'missed', 'skipped', 'refused')),
      why text,
      incident_id uuid references incidents (id),
      created_at timestamptz(3) not null
    )`);
    await db.query('create index drill_runs_page on drill_runs (tenant_id, drill_id, created_at, id)');
    for (const table of ['drills', 'drill_runs']) {
      for (const statement of secured(table, 'content')) await db.query(statement);
    }
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
