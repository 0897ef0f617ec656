import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How many codes an address was sent, and how many were tried, since when: nobody is flooded, and nobody guesses. */
export class Verification1700000030000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`alter table addresses add column codes_since timestamptz(3), add column code_sent_at timestamptz(3),
      add column codes_sent integer not null default 0, add column codes_tried integer not null default 0`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
