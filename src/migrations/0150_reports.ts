import { secured } from '@throughline/database/security.js';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What reports are made of: whom each attempt was made for, which schedules an incident has asked, and how soon somebody should have taken it. */
export class Reports1700000150000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query('alter table policies add column sla_seconds integer');
    // as the policy and the tenant said when it was opened; null: nobody is held to it
    await db.query('alter table incidents add column sla_seconds integer, add column acknowledged_staff_id uuid');
    // because of which somebody was told: who is on call in two schedules is told once
    await db.query(`alter table incident_attempts add column schedule_ids uuid[] not null default '{}'`);
    // also where nobody was on call
    await db.query(`create table incident_schedules (
      tenant_id uuid not null,
      incident_id uuid not null references incidents (id),
      schedule_id uuid not null,
      -- for the first time
      asked_at timestamptz(3) not null,
      primary key (incident_id, schedule_id)
    )`);
    for (const statement of secured('incident_schedules', 'content')) await db.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
