import { secured } from '@throughline/database/security.js';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The record: one conversation per contact, its participants and messages, and every change of state. */
export class Conversations1700000003000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`create table conversations (
      conversation_sid text primary key,
      tenant_id uuid not null,
      contact_id uuid not null,
      owner text not null,
      owner_since timestamptz(3) not null,
      epoch integer not null default 0,
      staff text,
      last_seq integer not null default 0,
      last_inbound_seq integer not null default 0,
      last_activity_at timestamptz(3) not null,
      reply_channel text,
      reply_address text,
      reply_sender text,
      mirror_lease_until timestamptz(3),
      mirror_lease uuid,
      created_at timestamptz(3) not null,
      unique (tenant_id, contact_id)
    )`);
    await db.query('create index conversations_page on conversations (tenant_id, created_at, conversation_sid)');
    await db.query('create index conversations_recent on conversations (tenant_id, last_activity_at)');
    // Conversations webhooks name the Conversation and nothing else: this says whose it is, and holds no content.
    await db.query(`create table conversation_tenants (
      conversation_sid text primary key,
      tenant_id uuid not null
    )`);
    await db.query(`create table participants (
      tenant_id uuid not null,
      conversation_sid text not null references conversations (conversation_sid),
      identity text not null,
      channel text not null,
      address text not null,
      participant_sid text,
      created_at timestamptz(3) not null,
      primary key (tenant_id, conversation_sid, identity)
    )`);
    await db.query(`create table messages (
      id uuid primary key,
      tenant_id uuid not null,
      conversation_sid text not null references conversations (conversation_sid),
      seq integer not null,
      direction text not null check (direction in ('inbound', 'outbound', 'internal')),
      author_kind text not null check (author_kind in ('contact', 'assistant', 'staff', 'system')),
      author text not null,
      channel text not null,
      address text,
      sender text,
      body text not null,
      media jsonb not null default '[]',
      status text not null,
      error_code integer,
      provider_sid text,
      turn_id uuid,
      mirror_state text not null check (mirror_state in ('pending', 'posting', 'mirrored', 'origin', 'none', 'failed')),
      mirror_sid text,
      created_at timestamptz(3) not null,
      unique (conversation_sid, seq),
      unique (tenant_id, provider_sid),
      unique (tenant_id, mirror_sid),
      unique (tenant_id, turn_id)
    )`);
    await db.query(`create index messages_to_mirror on messages (conversation_sid, seq)
      where mirror_state in ('pending', 'posting')`);
    await db.query(`create table inbox (
      id uuid primary key,
      tenant_id uuid not null,
      provider_sid text not null,
      message jsonb not null,
      received_at timestamptz(3) not null,
      done_at timestamptz(3),
      unique (tenant_id, provider_sid)
    )`);
    await db.query(`create table transitions (
      id uuid primary key,
      tenant_id uuid not null,
      conversation_sid text not null,
      machine text not null,
      entity_id text not null,
      from_state text not null,
      to_state text not null,
      cause text not null,
      at timestamptz(3) not null
    )`);
    await db.query('create index transitions_page on transitions (tenant_id, conversation_sid, at, id)');
    for (const statement of secured('conversation_tenants', 'routing')) await db.query(statement);
    for (const table of ['conversations', 'participants', 'messages', 'inbox', 'transitions']) {
      for (const statement of secured(table, 'content')) await db.query(statement);
    }
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
