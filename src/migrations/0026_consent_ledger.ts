import { APP_ROLE } from '@throughline/database/database.js';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Consent becomes a ledger: one row for each word about it, none of which is ever changed. What holds now is read from the
 * newest ones. What was known stays as the first words of the ledger.
 */
export class ConsentLedger1700000026000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query('create sequence consents_seq as integer');
    await db.query(`grant usage on sequence consents_seq to ${APP_ROLE}`);
    await db.query(`alter table consents
      drop constraint consents_pkey,
      add column id uuid primary key default gen_random_uuid(),
      -- of two words of the same instant the later one counts
      add column seq integer not null default nextval('consents_seq'),
      -- what may be sent: 'everything', or one purpose of a message
      add column purpose text not null default 'everything' check (purpose in ('everything', 'service', 'alerts', 'marketing')),
      add column source text not null default 'keyword' check (source in ('keyword', 'words', 'provider', 'staff', 'form', 'import')),
      add column wording text,
      add column message_id uuid,
      -- the message with which the house confirms this word: the only one that may go to somebody who said stop
      add column confirmation_id uuid,
      add column recorded_by text,
      add column recorded_at timestamptz(3)`);
    // The owner of the tables is under their policies too, unless they are told to let it through.
    await db.query('alter table consents no force row level security');
    await db.query(`update consents set recorded_at = changed_at, source = case when evidence like 'twilio\\_%' then 'provider' else 'keyword' end`);
    await db.query('alter table consents force row level security');
    await db.query(`alter table consents alter column recorded_at set not null, alter column id drop default,
      alter column purpose drop default, alter column source drop default, alter column evidence drop not null`);
    await db.query('create index consents_newest on consents (tenant_id, channel, address, changed_at desc, seq desc)');
    await db.query('create index consents_of_address on consents (tenant_id, address, recorded_at, id)');
    await db.query('create index consents_confirmed on consents (tenant_id, confirmation_id) where confirmation_id is not null');
    await db.query(`create function refuse_change() returns trigger language plpgsql as
      $$ begin raise exception 'the ledger of % is only ever added to', tg_table_name; end $$`);
    await db.query('create trigger consents_stand after update on consents for each row execute function refuse_change()');
    // What a message is for, which is what consent is given to.
    await db.query(`alter table messages add column purpose text not null default 'service' check (purpose in ('service', 'alerts', 'marketing'))`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
