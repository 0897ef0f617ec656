import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Since when a mailbox's present folder is read: what was there before is no news. */
export class MailboxConnected1700000061000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query('alter table mailboxes add column connected_at timestamptz(3)');
    await db.query('update mailboxes set connected_at = created_at');
    await db.query('alter table mailboxes alter column connected_at set not null');
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
