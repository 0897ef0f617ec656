import { secured } from '@throughline/database/security.js';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Of one conversation, the model is asked about one thing at a time. */
export class Judgings1700000174000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`create table judgings (
      tenant_id uuid not null,
      conversation_sid text not null,
      -- the message that is asked about
      seq integer not null,
      -- whoever has died by then is waited for no longer
      lease_until timestamptz(3) not null,
      primary key (tenant_id, conversation_sid)
    )`);
    for (const statement of secured('judgings', 'content')) await db.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
