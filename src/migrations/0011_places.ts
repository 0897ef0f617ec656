import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The Conversations service in which a Conversation lives. Those of before are found at Twilio when they are next needed. */
export class Places1700000011000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query('alter table mirrors add column service_sid text');
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
