import { secured } from '@throughline/database/security.js';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a tenant knows about its own business, in passages that can be found, and which of them an answer was given from. */
export class Knowledge1700000025000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`create table knowledge_pages (
      id uuid primary key,
      tenant_id uuid not null,
      title text not null,
      body text not null,
      source_url text,
      -- of its words: a configuration of Postgres' full text search
      language text not null,
      created_at timestamptz(3) not null,
      updated_at timestamptz(3) not null
    )`);
    await db.query('create index knowledge_pages_page on knowledge_pages (tenant_id, created_at, id)');
    await db.query('create unique index knowledge_pages_source on knowledge_pages (tenant_id, source_url) where source_url is not null');
    await db.query(`create table knowledge_passages (
      id uuid primary key,
      tenant_id uuid not null,
      page_id uuid not null references knowledge_pages (id) on delete cascade,
      position integer not null,
      heading text not null,
      body text not null,
      words tsvector
    )`);
    // Not by its words: matching them is nothing the policies know to be leakproof, so no index of them would be used.
    await db.query('create index knowledge_passages_tenant on knowledge_passages (tenant_id, page_id, position)');
    await db.query(`create table citations (
      id uuid primary key,
      tenant_id uuid not null,
      conversation_sid text not null,
      turn_id uuid not null,
      page_id uuid not null,
      passage_id uuid not null,
      -- as the model was shown them: the page may say something else by now
      title text not null,
      source_url text,
      passage text not null,
      cited_at timestamptz(3) not null,
      unique (tenant_id, turn_id, passage_id)
    )`);
    await db.query('create index citations_page on citations (tenant_id, conversation_sid, cited_at, id)');
    for (const table of ['knowledge_pages', 'knowledge_passages', 'citations']) {
      for (const statement of secured(table, 'content')) await db.query(statement);
    }
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
