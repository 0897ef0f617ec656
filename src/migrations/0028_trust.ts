import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How sure it is that whoever writes from an address is its owner. All addresses until now are phones, which their carriers vouch for. */
export class Trust1700000028000 implements MigrationInterface {
  async up(db: QueryRunner): Promise<void> {
    await db.query(`alter table addresses add column trust text not null default 'carrier_verified'
      check (trust in ('carrier_verified', 'attested_caller_id', 'verified', 'claimed', 'anonymous'))`);
    await db.query('alter table addresses alter column trust drop default');
  }

  async down(): Promise<void> {
    throw new Error('Migrations only go forward. Restore a backup instead.');
  }
}
