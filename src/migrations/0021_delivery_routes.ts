import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A WhatsApp message whose window has closed goes as a template, or by SMS. Its delivery and the thread say how it went. */
export class DeliveryRoutes1700000021000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`alter table deliveries
      add column content_sid text,
      add column content_variables jsonb,
      -- why it goes another way than its message was addressed
      add column detour text,
      -- ways that have turned out not to carry it
      add column ruled_out text[] not null default '{}'`);
    await db.query('alter table messages add column via jsonb');
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
