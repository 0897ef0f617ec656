import { secured } from '@throughline/database/security.js';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Callers who are put through to a specialist, and each specialist who is called for them. */
export class Transfers1700000100000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`create table transfers (
      id uuid primary key,
      tenant_id uuid not null,
      call_sid text not null references calls (call_sid),
      conversation_sid text not null,
      contact_id uuid not null,
      -- in the assistant's words
      reason text not null,
      style text not null check (style in ('hold', 'stay')),
      mode text not null check (mode in ('in_order', 'all_at_once')),
      ring_seconds integer not null,
      state text not null check (state in ('requested', 'holding', 'dialing', 'screening', 'merging', 'merged', 'returning', 'returned', 'caller_left')),
      outcome text check (outcome in ('nobody', 'left')),
      -- the caller is in the room, or about to be
      is_held boolean not null default false,
      epoch integer not null default 0,
      -- somebody has just moved the caller
      moved_until timestamptz(3),
      -- the caller has been told how it ended
      is_told boolean not null default false,
      hold_until timestamptz(3) not null,
      created_at timestamptz(3) not null
    )`);
    await db.query(`create unique index transfer_under_way on transfers (call_sid) where state not in ('returned', 'caller_left')`);
    await db.query('create index transfers_of_call on transfers (call_sid, created_at)');
    await db.query('create index transfers_of_contact on transfers (tenant_id, contact_id)');
    await db.query(`create table transfer_attempts (
      id uuid primary key,
      tenant_id uuid not null,
      transfer_id uuid not null references transfers (id),
      position integer not null,
      name text not null,
      phone text not null,
      state text not null,
      call_sid text,
      tries integer not null default 0,
      lease_until timestamptz(3),
      placed_at timestamptz(3),
      is_over boolean not null default false,
      unique (transfer_id, position)
    )`);
    await db.query('create index transfer_attempt_calls on transfer_attempts (call_sid)');
    // Twilio's words about a specialist's call name the attempt, those about a room the transfer: this says whose they are.
    await db.query('create table transfer_tenants (id uuid primary key, tenant_id uuid not null)');
    for (const statement of secured('transfer_tenants', 'routing')) await db.query(statement);
    for (const table of ['transfers', 'transfer_attempts']) {
      for (const statement of secured(table, 'content')) await db.query(statement);
    }
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
