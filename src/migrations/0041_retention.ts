import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Up to where the words of a conversation are gone because the tenant keeps them no longer. */
export class Retention1700000041000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query('alter table conversations add column purged_seq integer not null default 0');
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
