import { secured } from '@throughline/database/security.js';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Incidents, the policies by which people are told of them, and each text and call about them. */
export class Escalation1700000140000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`create table policies (
      id uuid primary key,
      tenant_id uuid not null,
      name text not null,
      steps jsonb not null,
      rounds integer not null,
      -- what was asked for when it was made
      fingerprint text not null,
      version integer not null,
      created_at timestamptz(3) not null,
      changed_at timestamptz(3) not null,
      removed_at timestamptz(3)
    )`);
    await db.query('create unique index policies_name on policies (tenant_id, lower(name)) where removed_at is null');
    await db.query(`create table incidents (
      id uuid primary key,
      tenant_id uuid not null,
      conversation_sid text,
      policy_id uuid not null references policies (id),
      -- as the policy was then
      steps jsonb not null,
      rounds integer not null,
      code text not null,
      urgency integer not null,
      reports jsonb not null,
      callback text,
      is_drill boolean not null,
      fingerprint text not null,
      state text not null check (state in ('armed', 'notifying', 'waiting', 'acknowledged', 'exhausted', 'cancelled')),
      round integer not null default 0,
      step integer not null default 0,
      epoch integer not null default 0,
      due_at timestamptz(3) not null,
      wake_at timestamptz(3) not null,
      acknowledged_by text,
      acknowledged_via text,
      acknowledged_at timestamptz(3),
      ended_at timestamptz(3),
      created_at timestamptz(3) not null
    )`);
    await db.query(`create unique index incident_open on incidents (conversation_sid) where state in ('armed', 'notifying', 'waiting')`);
    await db.query('create index incidents_page on incidents (tenant_id, created_at, id)');
    await db.query('create index incidents_of_conversation on incidents (tenant_id, conversation_sid)');
    await db.query(`create table incident_attempts (
      id uuid primary key,
      tenant_id uuid not null,
      incident_id uuid not null references incidents (id),
      key text not null,
      says text not null check (says in ('alert', 'told', 'yours', 'help')),
      round integer not null,
      step integer not null,
      staff_id uuid,
      name text not null,
      channel text not null check (channel in ('voice', 'sms')),
      address text not null,
      state text not null,
      press_key text not null,
      provider_sid text,
      trouble text,
      is_over boolean not null default false,
      tries integer not null default 0,
      claimed_at timestamptz(3),
      lease_until timestamptz(3),
      created_at timestamptz(3) not null,
      dispatched_at timestamptz(3),
      changed_at timestamptz(3) not null,
      -- nobody is told the same thing twice
      unique (incident_id, key)
    )`);
    await db.query('create index incident_attempts_at on incident_attempts (tenant_id, address, created_at)');
    await db.query('create index incident_attempts_sids on incident_attempts (provider_sid)');
    await db.query('create index incident_attempts_page on incident_attempts (tenant_id, created_at, id)');
    // What staff texted about an incident: Twilio tells it again, and its list has it too.
    await db.query('create table incident_replies (provider_sid text primary key, tenant_id uuid not null, incident_id uuid not null references incidents (id))');
    // Twilio's words about a call or a text of ours name the attempt, and so does a link: this says whose it is.
    await db.query('create table incident_keys (id uuid primary key, tenant_id uuid not null, link_hash text not null unique)');
    await db.query(`create index transitions_of_incidents on transitions (tenant_id, entity_id, at, id) where machine in ('incident', 'incident_attempt')`);
    for (const statement of secured('incident_keys', 'routing')) await db.query(statement);
    for (const table of ['policies', 'incidents', 'incident_attempts', 'incident_replies']) {
      for (const statement of secured(table, 'content')) await db.query(statement);
    }
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
