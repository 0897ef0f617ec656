import { secured } from '@throughline/database/security.js';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Calls that we make to people. */
export class OutboundCalls1700000121000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`create table outbound_calls (
      id uuid primary key,
      tenant_id uuid not null,
      contact_id uuid not null,
      conversation_sid text not null,
      address text not null,
      sender text not null,
      purpose text not null,
      -- for the assistant to know
      background text,
      kind text not null,
      when_machine text not null check (when_machine in ('hang_up', 'leave_message', 'talk')),
      message text,
      requested_by text not null check (requested_by in ('api', 'assistant')),
      -- when the person asked for it
      asked_at timestamptz(3),
      again_times integer not null,
      again_after_minutes integer not null,
      -- said first
      opening text not null,
      ring_seconds integer not null,
      state text not null,
      cause text,
      error_code integer,
      answered_by text,
      tries integer not null,
      -- the placement of the present try
      try_id uuid,
      call_sid text,
      -- nothing is left to be done about it at Twilio
      is_over boolean not null,
      next_at timestamptz(3) not null,
      waits_for_others boolean not null,
      latest timestamptz(3) not null,
      limit_at timestamptz(3) not null,
      created_at timestamptz(3) not null,
      updated_at timestamptz(3) not null
    )`);
    await db.query('create index outbound_calls_listed on outbound_calls (tenant_id, created_at, id)');
    await db.query('create index outbound_calls_of_contact on outbound_calls (tenant_id, contact_id)');
    await db.query('create unique index outbound_call_tries on outbound_calls (try_id)');
    await db.query(`create index outbound_calls_open on outbound_calls (tenant_id, state, created_at) where state in ('waiting', 'placing', 'ringing', 'talking', 'leaving')`);
    for (const statement of secured('outbound_calls', 'content')) await db.query(statement);
    // What is said first in a call that we make.
    await db.query('alter table calls add column opening text');
    await db.query(`create index calls_made on calls (tenant_id, address, started_at) where direction = 'outbound'`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
