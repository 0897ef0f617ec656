import { secured } from '@throughline/database/security.js';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Calls that we place, whoever wants them. */
export class Placements1700000120000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`create table placements (
      -- whoever wants the call names it so; every webhook of it does
      id uuid primary key,
      tenant_id uuid not null,
      call_sid text,
      tries integer not null,
      -- somebody is at it
      lease_until timestamptz(3),
      placed_at timestamptz(3) not null
    )`);
    await db.query('create index placement_calls on placements (call_sid)');
    for (const statement of secured('placements', 'routing')) await db.query(statement);
    await db.query('alter table transfer_attempts drop column tries, drop column lease_until, drop column placed_at');
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
