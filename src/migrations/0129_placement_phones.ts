import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who looks for a lost call waits only for those who call the same phone. */
export class PlacementPhones1700000129000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    // only until it is known which call it is
    await db.query('alter table placements add column phone text');
    await db.query('create index placement_phones on placements (tenant_id, phone) where phone is not null');
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
