import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * By which key what is sealed in this database opens: its fingerprint, which does not give the key away. Of no tenant, and nothing for the
 * product's own role, so it stands in a schema that only the database's owner enters.
 */
export class SecretsKey1700000065000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query('create schema keys');
    await db.query(`create table keys.secrets (
      one boolean primary key default true check (one),
      fingerprint text not null
    )`);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
