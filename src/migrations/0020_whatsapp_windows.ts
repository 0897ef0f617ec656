import { secured } from '@throughline/database/security.js';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When a person last wrote to a WhatsApp sender of ours: for 24 hours from then WhatsApp takes free text. */
export class WhatsappWindows1700000020000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`create table whatsapp_windows (
      tenant_id uuid not null,
      sender text not null,
      address text not null,
      last_wrote_at timestamptz(3) not null,
      primary key (tenant_id, sender, address)
    )`);
    // What was written before this table was there. The owner of `messages` sees no row of it while its policies bind him too.
    await db.query('alter table messages no force row level security');
    await db.query(`insert into whatsapp_windows (tenant_id, sender, address, last_wrote_at)
      select tenant_id, sender, address, max(created_at) from messages
      where direction = 'inbound' and channel = 'whatsapp' and sender is not null and address is not null
      group by tenant_id, sender, address`);
    await db.query('alter table messages force row level security');
    for (const statement of secured('whatsapp_windows', 'content')) await db.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
