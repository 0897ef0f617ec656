import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A delivery may be sent anew after the carrier gave it back, and a message says in words why it stands where it stands. */
export class Resends1700000010000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    // The provider's ids of attempts that are over: what is still told about them is no news of the present one.
    await db.query(`alter table deliveries add column retired_sids text[] not null default '{}'`);
    await db.query('alter table messages add column status_cause text');
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
