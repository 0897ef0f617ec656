import { secured } from '@throughline/database/security.js';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What customers attached, once it has been looked at. The bytes are in the media store. */
export class Media1700000023000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`create table media_files (
      id uuid primary key,
      tenant_id uuid not null,
      conversation_sid text not null,
      message_id uuid not null,
      position integer not null,
      state text not null,
      content_type text,
      size integer,
      sha256 text,
      storage_key text,
      reason text,
      created_at timestamptz(3) not null,
      unique (message_id, position)
    )`);
    await db.query('create index media_files_conversation on media_files (tenant_id, conversation_sid)');
    for (const statement of secured('media_files', 'content')) await db.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
