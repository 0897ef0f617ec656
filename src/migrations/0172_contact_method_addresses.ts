import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Of every text and mail that comes in it is asked whether a colleague has written it. */
export class ContactMethodAddresses1700000172000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query('create index contact_methods_at on contact_methods (tenant_id, address)');
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
