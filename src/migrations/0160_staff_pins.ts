import { secured } from '@throughline/database/security.js';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** By what a staff member shows, behind the link of an alert, that it is them. */
export class StaffPins1700000160000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`create table staff_pins (
      staff_id uuid primary key references staff_members (id),
      tenant_id uuid not null,
      hash text not null,
      -- tries that have not been found right, since then
      tries integer not null default 0,
      tries_since timestamptz(3) not null,
      changed_at timestamptz(3) not null
    )`);
    for (const statement of secured('staff_pins', 'content')) await db.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
