import { secured } from '@throughline/database/security.js';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an alert may say on which channel, what each one has said, and two channels more. */
export class AlertPrivacy1700000161000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`create table alert_privacy (
      tenant_id uuid primary key,
      -- for each channel the classes of data that it may carry
      allowed jsonb not null,
      reason text not null,
      version integer not null,
      changed_at timestamptz(3) not null
    )`);
    for (const statement of secured('alert_privacy', 'content')) await db.query(statement);
    await db.query('alter table incident_attempts drop constraint incident_attempts_channel_check');
    await db.query(`alter table incident_attempts add constraint incident_attempts_channel_check check (channel in ('voice', 'sms', 'whatsapp', 'email'))`);
    // Those that are there carried what all have carried so far; of others it is noted before they leave.
    await db.query(`alter table incident_attempts add column carries text[] default '{code,callback}', add column privacy_version integer default 0`);
    await db.query('alter table incident_attempts alter column carries drop default, alter column privacy_version drop default');
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
