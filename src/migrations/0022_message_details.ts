import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a message is besides its words: a tapped button, a place, what it answers. */
export class MessageDetails1700000022000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query('alter table messages add column details jsonb');
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
