import { APP_ROLE } from '@throughline/database/database.js';
import { secured } from '@throughline/database/security.js';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Web chat: widget keys, who writes through them, and what carries words between the processes that hold their sockets. */
export class Webchat1700000050000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`create table widgets (
      key text primary key,
      tenant_id uuid not null references tenants (id),
      allowed_origins text[] not null,
      title text not null,
      greeting text not null,
      accent_color text not null,
      locale text not null,
      attachments boolean not null,
      lead text not null,
      created_at timestamptz(3) not null
    )`);
    await db.query('create index widgets_tenant on widgets (tenant_id, created_at, key)');
    await db.query('create index widgets_origins on widgets using gin (allowed_origins)');
    await db.query(`create table visitors (
      id uuid primary key,
      tenant_id uuid not null references tenants (id),
      widget_key text not null,
      origin text not null,
      refresh_hash text not null unique,
      expires_at timestamptz(3) not null,
      -- the conversations that hold what was said at this address, in the order in which it came there
      threads text[] not null default '{}',
      lead_name text,
      lead_email text,
      lead_phone text,
      -- what of it a code has shown to be theirs
      verified text[] not null default '{}',
      typing_until timestamptz(3),
      created_at timestamptz(3) not null
    )`);
    await db.query('create index visitors_expiry on visitors (tenant_id, expires_at)');
    // Signs the tokens of the tenant's visitors.
    await db.query('create table chat_keys (tenant_id uuid primary key references tenants (id), secret text not null)');
    // What is too large for a NOTIFY, for half a minute. @socket.io/postgres-adapter names the columns. Nobody's rows, so apart from those of tenants.
    await db.query('create schema live');
    await db.query('create unlogged table live.attachments (id bigserial primary key, created_at timestamptz not null default now(), payload bytea)');
    await db.query(`grant usage on schema live to ${APP_ROLE}`);
    await db.query(`grant select, insert, delete on live.attachments to ${APP_ROLE}`);
    await db.query(`grant usage on sequence live.attachments_id_seq to ${APP_ROLE}`);
    for (const statement of [...secured('widgets', 'routing'), ...secured('visitors', 'content'), ...secured('chat_keys', 'content')]) await db.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
