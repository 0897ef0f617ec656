import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What speaks to those who call a sender, and what whoever speaks wants to come next. */
export class Engines1700000110000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    // Null: whichever engine is the usual one.
    await db.query(`alter table senders add column engine text check (engine in ('relay', 'realtime', 'vapi')),
      add constraint senders_engine_of_voice check (engine is null or channel = 'voice')`);
    await db.query(`alter table calls drop constraint calls_engine_check,
      add constraint calls_engine_check check (engine in ('relay', 'realtime', 'vapi', 'gather')),
      add column next text check (next in ('voicemail', 'hang_up', 'transfer', 'lower'))`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
