import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Each attempt has the changes of its state with it: a quarter of a year is read in one go, and not with a search for each of 100,000. */
export class AttemptChanges1700000152000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`alter table incident_attempts add column changes jsonb not null default '[]'`);
    // The owner of the tables is subject to row-level security too, and this is about all tenants.
    for (const table of ['incident_attempts', 'transitions']) await db.query(`alter table ${table} no force row level security`);
    await db.query(`update incident_attempts a set changes = t.changes from (
      select entity_id, jsonb_agg(jsonb_build_object('from', from_state, 'to', to_state, 'at', to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'), 'cause', cause) order by at, id) as changes
      from transitions where machine = 'incident_attempt' group by entity_id) t where t.entity_id = a.id::text`);
    for (const table of ['incident_attempts', 'transitions']) await db.query(`alter table ${table} force row level security`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
