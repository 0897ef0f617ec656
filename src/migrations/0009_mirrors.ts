import { secured } from '@throughline/database/security.js';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The lease of whoever copies a conversation to Twilio leaves the row that speakers lock. Old leases run out by themselves. */
export class Mirrors1700000009000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`create table mirrors (
      conversation_sid text primary key,
      tenant_id uuid not null,
      lease uuid,
      lease_until timestamptz(3)
    )`);
    for (const statement of secured('mirrors', 'content')) await db.query(statement);
    await db.query('alter table conversations drop column mirror_lease, drop column mirror_lease_until');
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
