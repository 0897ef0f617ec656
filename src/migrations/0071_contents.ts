import { secured } from '@throughline/database/security.js';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Content at Twilio that suggested replies are sent with: one of each shape, all words are in its places. */
export class Contents1700000071000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`create table contents (
      tenant_id uuid not null,
      shape text not null,
      content_sid text not null,
      created_at timestamptz(3) not null,
      primary key (tenant_id, shape)
    )`);
    for (const statement of secured('contents', 'content')) await db.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
