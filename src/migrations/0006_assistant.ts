import { secured } from '@throughline/database/security.js';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The assistant's turns and what its tools were asked to do. */
export class Assistant1700000006000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`create table turns (
      id uuid primary key,
      tenant_id uuid not null,
      conversation_sid text not null,
      up_to_seq integer not null,
      epoch integer not null,
      state text not null check (state in ('running', 'said', 'superseded', 'handed_off', 'failed')),
      lease_until timestamptz(3) not null,
      attempt integer not null default 1,
      model text,
      prompt_tokens integer,
      completion_tokens integer,
      error text,
      started_at timestamptz(3) not null,
      ended_at timestamptz(3),
      -- a conversation that comes back from people unanswered is answered in a turn of the new epoch
      unique (tenant_id, conversation_sid, up_to_seq, epoch)
    )`);
    await db.query(`create table tool_calls (
      id uuid primary key,
      tenant_id uuid not null,
      conversation_sid text not null,
      turn_id uuid not null references turns (id),
      call_id text not null,
      tool text not null,
      arguments jsonb not null,
      outcome text not null check (outcome in ('started', 'done', 'refused', 'failed', 'timed_out')),
      result text,
      started_at timestamptz(3) not null,
      ended_at timestamptz(3)
    )`);
    await db.query('create index tool_calls_turn on tool_calls (turn_id, started_at)');
    for (const table of ['turns', 'tool_calls']) {
      for (const statement of secured(table, 'content')) await db.query(statement);
    }
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
