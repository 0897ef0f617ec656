import { secured } from '@throughline/database/security.js';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How much of something there was in a time, for limits that hold over all processes. Keys are digests. */
export class UseWindows1700000051000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`create table use_windows (
      tenant_id uuid not null,
      key text not null,
      since timestamptz(3) not null,
      used integer not null,
      primary key (tenant_id, key)
    )`);
    await db.query('create index use_windows_old on use_windows (tenant_id, since)');
    for (const statement of secured('use_windows', 'content')) await db.query(statement);
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
