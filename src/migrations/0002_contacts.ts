import { secured } from '@throughline/database/security.js';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** People, the addresses they write from, and what they allow us to send there. */
export class Contacts1700000002000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`create table contacts (
      id uuid primary key,
      tenant_id uuid not null,
      -- what the first address proves about who this is; makes two first texts at once one contact
      person_key text not null,
      display_name text,
      created_at timestamptz(3) not null,
      unique (tenant_id, person_key)
    )`);
    await db.query('create index contacts_page on contacts (tenant_id, created_at, id)');
    await db.query(`create table addresses (
      id uuid primary key,
      tenant_id uuid not null,
      contact_id uuid not null references contacts (id),
      channel text not null,
      address text not null,
      created_at timestamptz(3) not null,
      unique (tenant_id, channel, address)
    )`);
    await db.query('create index addresses_contact on addresses (contact_id)');
    await db.query(`create table consents (
      tenant_id uuid not null,
      channel text not null,
      address text not null,
      -- an opt-out holds for one sender (or Messaging Service) of ours, as the carriers have it
      sender text not null,
      state text not null check (state in ('opted_in', 'opted_out')),
      evidence text not null,
      changed_at timestamptz(3) not null,
      primary key (tenant_id, channel, address, sender)
    )`);
    for (const table of ['contacts', 'addresses', 'consents']) {
      for (const statement of secured(table, 'content')) await db.query(statement);
    }
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
