import { secured } from '@throughline/database/security.js';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What visitors have brought and not said anything with yet. The bytes are in the media store. */
export class VisitorUploads1700000052000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`create table visitor_uploads (
      id uuid primary key,
      tenant_id uuid not null,
      address text not null,
      name text,
      content_type text not null,
      size integer not null,
      created_at timestamptz(3) not null
    )`);
    await db.query('create index visitor_uploads_old on visitor_uploads (tenant_id, created_at)');
    await db.query('create index visitor_uploads_address on visitor_uploads (tenant_id, address)');
    for (const statement of secured('visitor_uploads', 'content')) await db.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
