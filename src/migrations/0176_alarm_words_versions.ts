import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether a tenant's words have changed is asked again and again: out of the index alone, those that were removed included. */
export class AlarmWordsVersions1700000176000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query('create index alarm_words_versions on alarm_words (tenant_id) include (version)');
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
