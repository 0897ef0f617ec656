import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What strangers wrote and still waits is found quickly; a question remembers that the clock has given it back once. */
export class Waiting1700000012000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    // Not by address: what the policies do not know to be leakproof, as reading JSON, is no condition of an index.
    await db.query('create index inbox_open on inbox (tenant_id, received_at) where done_at is null');
    await db.query('alter table conversations add column returned_seq integer not null default 0');
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
