import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Attempts beside which another way was begun, because they did not leave. */
export class OtherWays1700000170000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query('alter table incident_attempts add column has_other_way boolean not null default false');
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
