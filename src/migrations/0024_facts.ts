import { secured } from '@throughline/database/security.js';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Facts know how sure and how delicate they are, what replaced them, and can be forgotten for good. */
export class Facts1700000024000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`alter table facts
      add column channel text,
      add column confidence real not null default 0.7 check (confidence between 0 and 1),
      add column sensitivity text not null default 'personal' check (sensitivity in ('ordinary', 'personal', 'special')),
      add column superseded_by uuid,
      -- its words are gone by then; the row says that there was something
      add column forgotten_at timestamptz(3)`);
    await db.query('drop index facts_contact');
    await db.query('drop index facts_once');
    await db.query('create index facts_contact on facts (tenant_id, contact_id, created_at, id)');
    await db.query(`create unique index facts_once on facts (tenant_id, contact_id, lower(statement))
      where superseded_at is null and forgotten_at is null`);
    await db.query(`alter table summaries
      -- grows when something is forgotten: what was being written from the old words is refused
      add column generation integer not null default 0,
      -- messages up to here are neither shown to the model nor folded
      add column forgotten_up_to integer not null default 0`);
    await db.query(`create table withheld (
      tenant_id uuid not null,
      conversation_sid text not null,
      -- a message, or a turn with all that it said
      item_id uuid not null,
      -- the turn in which the person asked for it; null when a colleague did
      by_turn uuid,
      primary key (tenant_id, conversation_sid, item_id)
    )`);
    for (const statement of secured('withheld', 'content')) await db.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
