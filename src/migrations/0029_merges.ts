import { secured } from '@throughline/database/security.js';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Two contacts that turned out to be one person, and what has to go back where it was when they were not. */
export class Merges1700000029000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query('alter table contacts add column merged_into uuid references contacts (id)');
    await db.query('create index contacts_merged on contacts (merged_into) where merged_into is not null');
    // The contact whose conversation goes on instead of this one.
    await db.query('alter table conversations add column merged_into uuid');
    await db.query(`create table merges (
      id uuid primary key,
      tenant_id uuid not null,
      absorbed_id uuid not null references contacts (id),
      surviving_id uuid not null references contacts (id),
      -- the addresses that changed hands
      address_ids jsonb not null,
      staff text not null,
      reason text,
      merged_at timestamptz(3) not null,
      undone_at timestamptz(3),
      undone_by text
    )`);
    await db.query('create unique index merges_open on merges (tenant_id, absorbed_id) where undone_at is null');
    for (const statement of secured('merges', 'content')) await db.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
