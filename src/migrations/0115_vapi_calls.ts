import { secured } from '@throughline/database/security.js';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which call at Vapi is which call of ours. */
export class VapiCalls1700000115000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`create table vapi_calls (
      vapi_id text primary key,
      tenant_id uuid not null,
      call_sid text not null references calls (call_sid),
      -- where it can be told something
      control_url text,
      -- what it says first
      greeting text not null,
      created_at timestamptz(3) not null,
      -- somebody is on the line
      begun_at timestamptz(3),
      -- up to here somebody has seen to it that texts are answered in the call
      asked_seq integer not null default 0,
      -- somebody has just moved the caller
      moved_until timestamptz(3),
      ended_at timestamptz(3),
      -- Vapi keeps nothing of it any more
      removed_at timestamptz(3)
    )`);
    await db.query('create index vapi_calls_of_call on vapi_calls (call_sid, begun_at)');
    for (const statement of secured('vapi_calls', 'routing')) await db.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
