import type { Tx } from '@throughline/database/database.js';
import type { Drill, DrillRun } from './drills.types.js';

const COLUMNS = 'id, name, policy_id, time_zone, day, time, every_weeks, anchor_week, number, next_at, created_at';
const RUN = 'id, drill_id, outcome, why, incident_id, created_at';

type After = { at: Date; id: string } | null;

/** SQL of `drills` and `drill_runs`. */
export class DrillsRepository {
  /** @returns false when its id is there already */
  async insert(tx: Tx, { id, name, policyId, timeZone, day, time, everyWeeks, anchorWeek, number, nextAt, createdAt }: Drill, fingerprint: string): Promise<boolean> {
    return (await tx.count(
      `insert into drills (tenant_id, fingerprint, ${COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict do nothing`,
      [tx.tenantId, fingerprint, id, name, policyId, timeZone, day, time, everyWeeks, anchorWeek, number, nextAt, createdAt],
    )) === 1;
  }

  async fingerprintOf(tx: Tx, id: string): Promise<string | null> {
    const [row] = await tx.rows<{ fingerprint: string }>('select fingerprint from drills where tenant_id = $1 and id = $2', [tx.tenantId, id]);
    return row?.fingerprint ?? null;
  }

  async find(tx: Tx, id: string): Promise<Drill | null> {
    const [row] = await tx.rows<Drill>(`select ${COLUMNS} from drills where tenant_id = $1 and id = $2 and removed_at is null`, [tx.tenantId, id]);
    return row ?? null;
  }

  async lock(tx: Tx, id: string): Promise<Drill | null> {
    const [row] = await tx.rows<Drill>(`select ${COLUMNS} from drills where tenant_id = $1 and id = $2 and removed_at is null for update`, [tx.tenantId, id]);
    return row ?? null;
  }

  async list(tx: Tx, after: After, limit: number): Promise<Drill[]> {
    return tx.rows<Drill>(
      `select ${COLUMNS} from drills where tenant_id = $1 and removed_at is null and ($2::timestamptz is null or (created_at, id) > ($2, $3::uuid)) order by created_at, id limit $4`,
      [tx.tenantId, after?.at ?? null, after?.id ?? null, limit],
    );
  }

  advance(tx: Tx, { id, number, nextAt }: Drill): void {
    tx.write('update drills set number = $3, next_at = $4 where tenant_id = $1 and id = $2', [tx.tenantId, id, number, nextAt]);
  }

  remove(tx: Tx, id: string, at: Date): void {
    tx.write('update drills set removed_at = $3 where tenant_id = $1 and id = $2', [tx.tenantId, id, at]);
  }

  /** @returns false when it is there already */
  async insertRun(tx: Tx, { id, drillId, outcome, why, createdAt }: DrillRun): Promise<boolean> {
    return (await tx.count(
      'insert into drill_runs (tenant_id, id, drill_id, outcome, why, created_at) values ($1, $2, $3, $4, $5, $6) on conflict do nothing', [tx.tenantId, id, drillId, outcome, why, createdAt],
    )) === 1;
  }

  async findRun(tx: Tx, id: string): Promise<(DrillRun & Pick<Drill, 'name' | 'policyId'>) | null> {
    const [row] = await tx.rows<DrillRun & Pick<Drill, 'name' | 'policyId'>>(
      `select ${RUN.split(', ').map((column) => `r.${column}`).join(', ')}, d.name, d.policy_id from drill_runs r join drills d on d.id = r.drill_id where r.tenant_id = $1 and r.id = $2`, [tx.tenantId, id],
    );
    return row ?? null;
  }

  /** What was opened stands, whatever somebody else has found meanwhile. */
  noteRun(tx: Tx, { id, outcome, why, incidentId }: Pick<DrillRun, 'id' | 'outcome' | 'why' | 'incidentId'>): void {
    tx.write('update drill_runs set outcome = $3, why = $4, incident_id = $5 where tenant_id = $1 and id = $2 and ($5::uuid is not null or incident_id is null)', [tx.tenantId, id, outcome, why, incidentId]);
  }

  async runs(tx: Tx, drillId: string, after: After, limit: number): Promise<DrillRun[]> {
    return tx.rows<DrillRun>(
      `select ${RUN} from drill_runs where tenant_id = $1 and drill_id = $2 and ($3::timestamptz is null or (created_at, id) > ($3, $4::uuid)) order by created_at, id limit $5`,
      [tx.tenantId, drillId, after?.at ?? null, after?.id ?? null, limit],
    );
  }

  /** The newest of each. */
  async lastRuns(tx: Tx, drillIds: readonly string[]): Promise<DrillRun[]> {
    return tx.rows<DrillRun>(
      `select distinct on (drill_id) ${RUN} from drill_runs where tenant_id = $1 and drill_id = any($2::uuid[]) order by drill_id, created_at desc, id desc`, [tx.tenantId, drillIds],
    );
  }
}
