import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A delivery that waits for the end of somebody's quiet hours. */
export class QuietHours1700000027000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query('alter table deliveries add column held_until timestamptz(3)');
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
