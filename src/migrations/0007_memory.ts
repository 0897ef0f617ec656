import { secured } from '@throughline/database/security.js';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What is remembered of a person beyond the recent messages. */
export class Memory1700000007000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`create table facts (
      id uuid primary key,
      tenant_id uuid not null,
      contact_id uuid not null,
      conversation_sid text not null,
      statement text not null,
      -- the newest message the assistant had seen when it learned this
      source_message_id uuid,
      superseded_at timestamptz(3),
      created_at timestamptz(3) not null
    )`);
    await db.query('create index facts_contact on facts (tenant_id, contact_id, created_at) where superseded_at is null');
    await db.query('create unique index facts_once on facts (tenant_id, contact_id, lower(statement)) where superseded_at is null');
    await db.query(`create table summaries (
      tenant_id uuid not null,
      conversation_sid text not null,
      up_to_seq integer not null,
      summary text not null,
      updated_at timestamptz(3) not null,
      primary key (tenant_id, conversation_sid)
    )`);
    for (const table of ['facts', 'summaries']) {
      for (const statement of secured(table, 'content')) await db.query(statement);
    }
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
