import { secured } from '@throughline/database/security.js';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Mailboxes: how they are reached, how far they are read; which mail became what; which of ours was handed over. */
export class Mailboxes1700000060000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`create table mailboxes (
      -- the sender's
      id uuid primary key,
      tenant_id uuid not null,
      address text not null,
      sender_name text,
      imap jsonb not null,
      smtp jsonb not null,
      -- sealed: they open with the hub's key, in this row, and nowhere else
      imap_password text not null,
      smtp_password text not null,
      folder text not null,
      sent_folder text,
      files_sent boolean not null,
      authserv_id text,
      plus_addressing boolean not null,
      enabled boolean not null,
      created_at timestamptz(3) not null,
      changed_at timestamptz(3) not null,
      -- mails up to this UID are in the record; a UID means something together with its validity
      uid_validity text,
      last_uid bigint not null default 0,
      read_at timestamptz(3),
      -- one process at a time reads it
      lease_holder uuid,
      lease_until timestamptz(3),
      failures integer not null default 0,
      retry_at timestamptz(3),
      trouble text,
      -- the mail that could not be taken in so many times
      stuck_uid bigint,
      stuck_count integer not null default 0
    )`);
    await db.query('create index mailboxes_page on mailboxes (tenant_id, created_at, id)');
    await db.query(`create table mails (
      id uuid primary key,
      tenant_id uuid not null,
      mailbox_id uuid not null,
      uid_validity text not null,
      uid bigint not null,
      provider_sid text,
      fate text not null check (fate in ('received', 'duplicate', 'report', 'own', 'set_aside', 'passed_over')),
      reason text,
      created_at timestamptz(3) not null,
      unique (mailbox_id, uid_validity, uid)
    )`);
    await db.query('create index mails_sid on mails (provider_sid) where provider_sid is not null');
    await db.query('create index mails_page on mails (tenant_id, mailbox_id, created_at, id)');
    await db.query(`create table mail_handovers (
      delivery_id uuid primary key,
      tenant_id uuid not null,
      at timestamptz(3) not null
    )`);
    for (const table of ['mailboxes', 'mails']) {
      for (const statement of secured(table, 'routing')) await db.query(statement);
    }
    for (const statement of secured('mail_handovers', 'content')) await db.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
