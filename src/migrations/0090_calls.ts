import { secured } from '@throughline/database/security.js';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Phone calls, what was left on voicemail, and whose a call is. */
export class Calls1700000090000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`create table calls (
      call_sid text primary key,
      tenant_id uuid not null,
      contact_id uuid not null,
      -- null until the caller's first Conversation is made
      conversation_sid text,
      direction text not null check (direction in ('inbound', 'outbound')),
      -- the caller's number, or what stands for a caller without one
      address text not null,
      sender text not null,
      -- the carrier vouches for the number
      proved boolean not null,
      state text not null check (state in ('ringing', 'talking', 'lost', 'voicemail', 'ended')),
      engine text check (engine in ('relay', 'gather')),
      -- how often somebody has begun to speak to the caller
      sessions integer not null default 0,
      -- who speaks to them now, and until when that may be believed
      session uuid,
      live_until timestamptz(3),
      started_at timestamptz(3) not null,
      answered_at timestamptz(3),
      ended_at timestamptz(3)
    )`);
    await db.query('create index calls_in_conversation on calls (conversation_sid, started_at)');
    await db.query('create index calls_of_contact on calls (tenant_id, contact_id)');
    // Callbacks of Twilio's name the call, a socket names a token: this says whose they are, and holds no content.
    await db.query(`create table call_tenants (
      call_sid text primary key,
      tenant_id uuid not null,
      -- opens one socket of the call, and nothing once that is open
      token text unique,
      -- how often such a socket was asked for
      tries integer not null default 0
    )`);
    await db.query(`create table voicemails (
      recording_sid text primary key,
      tenant_id uuid not null,
      call_sid text not null references calls (call_sid),
      contact_id uuid not null,
      conversation_sid text,
      url text,
      seconds integer,
      transcript text,
      state text not null check (state in ('recorded', 'received')),
      created_at timestamptz(3) not null
    )`);
    await db.query('create index voicemails_of_call on voicemails (call_sid)');
    for (const statement of secured('call_tenants', 'routing')) await db.query(statement);
    for (const table of ['calls', 'voicemails']) {
      for (const statement of secured(table, 'content')) await db.query(statement);
    }
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
