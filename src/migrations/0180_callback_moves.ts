import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Two who drive the same callback do not both fetch the person: the second one would take them out of the room again. */
export class CallbackMoves1700000180000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query('alter table callbacks add moved_until timestamptz(3)');
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
