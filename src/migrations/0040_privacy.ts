import { secured } from '@throughline/database/security.js';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Erasing a person: how far it has come, what it has to remove at Twilio, and what is looked for at its end. */
export class Privacy1700000040000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query('alter table contacts add column erased_at timestamptz(3)');
    await db.query('alter table conversations add column erased_at timestamptz(3)');
    await db.query(`create table erasures (
      id uuid primary key,
      tenant_id uuid not null,
      contact_id uuid not null,
      conversation_sid text,
      state text not null,
      -- rows removed or blanked, by store
      counts jsonb not null default '{}',
      -- what the search at the end found; null before
      remains jsonb,
      requested_at timestamptz(3) not null,
      -- what was under way when the person fell silent is over by then
      settles_at timestamptz(3),
      finished_at timestamptz(3),
      unique (tenant_id, contact_id)
    )`);
    await db.query(`create table erasure_copies (
      id uuid primary key,
      tenant_id uuid not null,
      erasure_id uuid not null references erasures (id),
      kind text not null,
      channel text,
      -- Twilio's id; of a user the identity, until it is removed
      sid text not null,
      removed_at timestamptz(3),
      unique (erasure_id, kind, sid)
    )`);
    // What the search at the end looks for. Gone in the transaction in which it finds nothing.
    await db.query(`create table erasure_needles (
      id uuid primary key,
      tenant_id uuid not null,
      erasure_id uuid not null references erasures (id),
      kind text not null,
      channel text,
      needle text not null
    )`);
    await db.query('create index erasure_needles_erasure on erasure_needles (erasure_id)');
    for (const table of ['erasures', 'erasure_copies', 'erasure_needles']) {
      for (const statement of secured(table, 'content')) await db.query(statement);
    }
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
