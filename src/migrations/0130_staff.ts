import { secured } from '@throughline/database/security.js';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who works for the tenant, and how they are reached. What is changed about them is logged beside what happens in conversations. */
export class Staff1700000130000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`create table staff_members (
      id uuid primary key,
      tenant_id uuid not null,
      name text not null,
      time_zone text not null,
      do_not_disturb jsonb not null,
      -- where an import has them from
      external_ref text,
      -- what was asked for when it was made: the same key with something else is refused
      fingerprint text not null,
      version integer not null,
      created_at timestamptz(3) not null,
      changed_at timestamptz(3) not null,
      -- works here no more; the name stays for what has happened
      removed_at timestamptz(3)
    )`);
    await db.query('create unique index staff_members_ref on staff_members (tenant_id, external_ref) where removed_at is null');
    await db.query('create index staff_members_page on staff_members (tenant_id, created_at, id)');
    await db.query(`create table contact_methods (
      id uuid primary key,
      tenant_id uuid not null,
      staff_id uuid not null references staff_members (id),
      channel text not null check (channel in ('sms', 'voice', 'whatsapp', 'email')),
      address text not null,
      -- those of a lower one are tried first
      position integer not null,
      verified_at timestamptz(3),
      created_at timestamptz(3) not null,
      unique (staff_id, channel, address)
    )`);
    for (const table of ['staff_members', 'contact_methods']) {
      for (const statement of secured(table, 'content')) await db.query(statement);
    }
    await db.query('alter table transitions alter column conversation_sid drop not null');
    await db.query('create index transitions_of_entity on transitions (tenant_id, entity_id, at, id) where conversation_sid is null');
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
