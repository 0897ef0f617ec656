import { secured } from '@throughline/database/security.js';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How urgent it is what people say: words of a tenant's own that say so, and each verdict. */
export class Triage1700000165000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`create table alarm_words (
      id uuid primary key,
      tenant_id uuid not null,
      term text not null,
      -- what it is compared by
      key text not null,
      urgency integer not null check (urgency between 1 and 5),
      match text not null check (match in ('words', 'prefix')),
      languages text[] not null,
      version integer not null,
      created_at timestamptz(3) not null,
      changed_at timestamptz(3) not null,
      removed_at timestamptz(3)
    )`);
    await db.query('create unique index alarm_words_key on alarm_words (tenant_id, key) where removed_at is null');
    await db.query(`create table verdicts (
      id uuid primary key,
      tenant_id uuid not null,
      conversation_sid text not null,
      from_seq integer not null,
      seq integer not null,
      judge text not null check (judge in ('words', 'model', 'assistant', 'rule', 'nobody', 'pending')),
      urgency integer check (urgency between 1 and 5),
      reasons text[] not null,
      is_unproved boolean not null,
      model text,
      prompt_version text,
      latency_ms integer,
      input_tokens integer,
      output_tokens integer,
      tries integer not null,
      -- when it was let through to the people on call, where nobody vouches for its sender
      let_through_at timestamptz(3),
      incident_id uuid,
      withheld text,
      created_at timestamptz(3) not null,
      -- two who judge the same message say one thing
      unique (tenant_id, conversation_sid, seq, judge)
    )`);
    await db.query('create index verdicts_unproved on verdicts (tenant_id, let_through_at) where let_through_at is not null');
    for (const table of ['alarm_words', 'verdicts']) {
      for (const statement of secured(table, 'content')) await db.query(statement);
    }
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
