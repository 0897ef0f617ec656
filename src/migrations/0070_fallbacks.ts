import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Any message may go another way; a delivery remembers by which ways it has been tried, and whether Twilio may choose one. */
export class Fallbacks1700000070000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`alter table deliveries
      -- our number by which Twilio's Messaging Service may send it as SMS, where the phone cannot do RCS
      add column fallback_sender text,
      -- attempts that were given back, by which way each had gone, and whether it arrived after all
      add column retired jsonb not null default '[]',
      -- suggested replies below it: something to tap, or numbered lines
      add column buttons jsonb`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
