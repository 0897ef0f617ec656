import { secured } from '@throughline/database/security.js';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Files that staff hands in to be sent, the key that signs the addresses under which they are fetched, and which part carries which. */
export class OutgoingMedia1700000080000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`create table media_uploads (
      id uuid primary key,
      tenant_id uuid not null,
      conversation_sid text not null,
      state text not null,
      content_type text,
      size integer,
      sha256 text,
      filename text,
      storage_key text not null,
      created_at timestamptz(3) not null
    )`);
    await db.query('create index media_uploads_conversation on media_uploads (tenant_id, conversation_sid)');
    await db.query('create table media_keys (tenant_id uuid primary key, secret text not null, created_at timestamptz(3) not null)');
    for (const table of ['media_uploads', 'media_keys']) for (const statement of secured(table, 'content')) await db.query(statement);
    await db.query('alter table media_files add column filename text');
    await db.query(`alter table deliveries add column files smallint[] not null default '{}'`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
