import { secured } from '@throughline/database/security.js';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who has an incident, and the person whom it is about, on their way to each other; and what a caller is to be told in the call. */
export class Callbacks1700000155000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`create table callbacks (
      id uuid primary key,
      tenant_id uuid not null,
      incident_id uuid not null references incidents (id),
      conversation_sid text,
      contact_id uuid,
      taker text not null,
      -- where the taker is called; null where no phone of theirs is known
      taker_phone text,
      taker_calls integer not null,
      taker_call_sid text,
      press_key text not null,
      -- where the person is called back
      phone text not null,
      sender text not null,
      person_call_sid text,
      is_called_back boolean not null,
      is_machine boolean not null,
      is_machine_told boolean not null,
      state text not null check (state in ('calling', 'asking', 'reaching', 'joining', 'connected', 'over', 'unanswered', 'taker_gone')),
      cause text,
      epoch integer not null,
      is_taker_over boolean not null,
      is_person_over boolean not null,
      created_at timestamptz(3) not null,
      changed_at timestamptz(3) not null,
      met_at timestamptz(3)
    )`);
    // Whoever presses twice, or here and there, is connected once.
    await db.query(`create unique index callback_under_way on callbacks (incident_id) where state not in ('over', 'unanswered', 'taker_gone')`);
    await db.query('create index callbacks_of_incident on callbacks (tenant_id, incident_id, created_at)');
    await db.query('create index callbacks_of_conversation on callbacks (tenant_id, conversation_sid)');
    // Twilio's words about these calls name the callback: this says whose it is.
    await db.query('create table callback_tenants (id uuid primary key, tenant_id uuid not null)');
    for (const statement of secured('callback_tenants', 'routing')) await db.query(statement);
    for (const statement of secured('callbacks', 'content')) await db.query(statement);
    // What whoever speaks with the caller is to say next, once.
    await db.query('alter table calls add column word text');
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
