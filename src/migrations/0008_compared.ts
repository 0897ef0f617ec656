import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a Conversation was last compared with the record: quiet ones take turns. */
export class Compared1700000008000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query('alter table conversations add column compared_at timestamptz(3)');
    await db.query('create index conversations_compared on conversations (tenant_id, compared_at nulls first)');
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
