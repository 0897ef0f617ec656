import { secured } from '@throughline/database/security.js';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who the house works for: tenants, the addresses they are reached at, the tokens of their programs. */
export class Tenancy1700000001000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`create table tenants (
      id uuid primary key,
      name text not null,
      account_sid text not null,
      is_default boolean not null default false,
      settings jsonb not null default '{}',
      created_at timestamptz(3) not null
    )`);
    await db.query('create unique index tenants_default on tenants (account_sid) where is_default');
    await db.query(`create table senders (
      id uuid primary key,
      tenant_id uuid not null references tenants (id),
      account_sid text not null,
      channel text not null,
      address text not null,
      messaging_service_sid text,
      messages_per_second real,
      label text,
      origin text not null,
      -- texts to this sender up to here are in the record, whether or not their webhooks came
      caught_up_until timestamptz(3),
      created_at timestamptz(3) not null,
      unique (account_sid, channel, address)
    )`);
    await db.query('create index senders_tenant on senders (tenant_id, created_at, id)');
    await db.query(`create table api_tokens (
      id uuid primary key,
      tenant_id uuid not null references tenants (id),
      name text not null,
      token_hash text not null unique,
      created_at timestamptz(3) not null,
      revoked_at timestamptz(3)
    )`);
    const statements = [
      ...secured('tenants', 'routing', 'id'),
      ...secured('senders', 'routing'),
      ...secured('api_tokens', 'routing'),
    ];
    for (const statement of statements) await db.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
