import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Calls of a taker that were lost, and in whose place another one is made: a late word of them is not about that one. */
export class CallbackLostCalls1700000188000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`alter table callbacks add column lost_call_sids text[] not null default '{}'`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
