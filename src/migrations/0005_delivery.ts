import { secured } from '@throughline/database/security.js';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was sent to whom, through which sender, and what became of it. */
export class Delivery1700000005000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`create table deliveries (
      id uuid primary key,
      tenant_id uuid not null,
      conversation_sid text not null,
      message_id uuid not null,
      part integer not null,
      parts integer not null,
      channel text not null,
      sender text not null,
      messaging_service_sid text,
      address text not null,
      body text not null,
      segments integer,
      state text not null,
      attempt integer not null default 0,
      lease_until timestamptz(3),
      claimed_at timestamptz(3),
      retry_at timestamptz(3),
      -- the last attempt's outcome is unknown: look at the provider before sending again
      uncertain boolean not null default false,
      provider_sid text,
      error_code integer,
      error_meaning text,
      sent_at timestamptz(3),
      created_at timestamptz(3) not null,
      updated_at timestamptz(3) not null,
      unique (message_id, part),
      unique (tenant_id, provider_sid)
    )`);
    await db.query('create index deliveries_page on deliveries (tenant_id, created_at, id)');
    await db.query('create index deliveries_conversation on deliveries (tenant_id, conversation_sid, created_at)');
    await db.query(`create table sender_rates (
      tenant_id uuid not null,
      sender text not null,
      tokens real not null,
      refilled_at timestamptz(3) not null,
      primary key (tenant_id, sender)
    )`);
    for (const table of ['deliveries', 'sender_rates']) {
      for (const statement of secured(table, 'content')) await db.query(statement);
    }
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
