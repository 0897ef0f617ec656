import { setTimeout as delay } from 'node:timers/promises';
import { DataSource, type MigrationInterface } from 'typeorm';
import { APP_ROLE, socketOf } from './database.js';

/** Any fixed number: two processes that migrate the same database must choose the same one. */
const MIGRATION_LOCK = 7_204_411;
const LOCK_TRIES = 600;

/**
 * Brings the database up to date, whoever else is doing so at the same time, and makes sure of the role that
 * the product connects as.
 *
 * @throws when the role could bypass row-level security, or cannot be made with the rights of this connection
 */
export async function migrate(url: string, migrations: (new () => MigrationInterface)[]): Promise<string[]> {
  const owner = new DataSource({ type: 'postgres', url, migrations, poolSize: 2, migrationsTableName: 'migrations', extra: socketOf(url) });
  await owner.initialize();
  const lock = owner.createQueryRunner();
  try {
    await acquire(lock);
    await ensureRole(owner);
    const done = await owner.runMigrations({ transaction: 'each' });
    await owner.query(`grant usage on schema public to ${APP_ROLE}`);
    return done.map((migration) => migration.name);
  } finally {
    await lock.query('select pg_advisory_unlock_all()').catch(() => undefined);
    await lock.release();
    await owner.destroy();
  }
}

async function acquire(runner: { query(sql: string, parameters?: unknown[]): Promise<unknown> }): Promise<void> {
  for (let tries = 0; tries < LOCK_TRIES; tries++) {
    const [row] = (await runner.query('select pg_try_advisory_lock($1) as got', [MIGRATION_LOCK])) as { got: boolean }[];
    if (row?.got) return;
    await delay(100);
  }
  throw new Error('Another process has been migrating this database for a minute. Look at its log, then start again.');
}

async function ensureRole(owner: DataSource): Promise<void> {
  try {
    await owner.query(`do $$ begin
      if not exists (select 1 from pg_roles where rolname = '${APP_ROLE}') then
        create role ${APP_ROLE} nologin nosuperuser nobypassrls;
      end if;
    exception when duplicate_object or unique_violation then null;
    end $$`);
    if (!(await mayTakeOn(owner))) await owner.query(`grant ${APP_ROLE} to current_user`).catch(ignoreConcurrentGrant);
  } catch (cause) {
    throw new Error(
      `This database user may not create the role ${APP_ROLE}. As an administrator, run: ` +
        `create role ${APP_ROLE} nologin nobypassrls; grant ${APP_ROLE} to <user of DATABASE_URL>;`,
      { cause },
    );
  }
  const [role] = (await owner.query(
    `select rolsuper or rolbypassrls as bypasses from pg_roles where rolname = $1`, [APP_ROLE],
  )) as { bypasses: boolean }[];
  if (role?.bypasses !== false) {
    throw new Error(`The role ${APP_ROLE} can bypass row-level security. Run: alter role ${APP_ROLE} nosuperuser nobypassrls;`);
  }
}

/** An administrator may have given us the role; granting it to ourselves once more would need rights that we do not have. */
const mayTakeOn = (owner: DataSource): Promise<boolean> =>
  owner.query(`do $$ begin set local role ${APP_ROLE}; end $$`).then(() => true, () => false);

/** Two databases of one cluster being migrated at once grant the same role at once; one of them is told "tuple concurrently updated". */
function ignoreConcurrentGrant(error: unknown): void {
  if (!/concurrently updated|already a member/.test(String(error))) throw error;
}
