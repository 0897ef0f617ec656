import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The address that the provider named another one beside: two names of one account, which stay together. */
export class Beside1700000081000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query('alter table addresses add column beside text');
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
