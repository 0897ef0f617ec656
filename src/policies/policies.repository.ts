import type { Tx } from '@throughline/database/database.js';
import type { Policy } from './policies.types.js';

const COLUMNS = 'id, name, steps, rounds, sla_seconds, version, created_at, changed_at';

/** SQL of `policies`. */
export class PoliciesRepository {
  /** @returns false when its id or its name is there already */
  async insert(tx: Tx, { id, name, steps, rounds, slaSeconds, version, createdAt, changedAt }: Policy, fingerprint: string): Promise<boolean> {
    return (await tx.count(
      `insert into policies (tenant_id, fingerprint, ${COLUMNS}) values ($1, $2, $3, $4, $5::jsonb, $6, $7, $8, $9, $10) on conflict do nothing`,
      [tx.tenantId, fingerprint, id, name, JSON.stringify(steps), rounds, slaSeconds, version, createdAt, changedAt],
    )) === 1;
  }

  async fingerprintOf(tx: Tx, id: string): Promise<string | null> {
    const [row] = await tx.rows<{ fingerprint: string }>('select fingerprint from policies where tenant_id = $1 and id = $2', [tx.tenantId, id]);
    return row?.fingerprint ?? null;
  }

  async find(tx: Tx, id: string): Promise<Policy | null> {
    const [row] = await tx.rows<Policy>(`select ${COLUMNS} from policies where tenant_id = $1 and id = $2 and removed_at is null`, [tx.tenantId, id]);
    return row ?? null;
  }

  async lock(tx: Tx, id: string): Promise<Policy | null> {
    const [row] = await tx.rows<Policy>(`select ${COLUMNS} from policies where tenant_id = $1 and id = $2 and removed_at is null for update`, [tx.tenantId, id]);
    return row ?? null;
  }

  async list(tx: Tx, after: { at: Date; id: string } | null, limit: number): Promise<Policy[]> {
    return tx.rows<Policy>(
      `select ${COLUMNS} from policies where tenant_id = $1 and removed_at is null and ($2::timestamptz is null or (created_at, id) > ($2, $3::uuid)) order by created_at, id limit $4`,
      [tx.tenantId, after?.at ?? null, after?.id ?? null, limit],
    );
  }

  async names(tx: Tx, ids: readonly string[]): Promise<Pick<Policy, 'id' | 'name'>[]> {
    return tx.rows('select id, name from policies where tenant_id = $1 and id = any($2::uuid[])', [tx.tenantId, ids]);
  }

  async hasName(tx: Tx, name: string, but: string): Promise<boolean> {
    return (await tx.rows('select 1 from policies where tenant_id = $1 and lower(name) = lower($2) and id <> $3 and removed_at is null', [tx.tenantId, name, but])).length > 0;
  }

  update(tx: Tx, { id, name, steps, rounds, slaSeconds, version, changedAt }: Policy): void {
    tx.write(
      'update policies set name = $3, steps = $4::jsonb, rounds = $5, version = $6, changed_at = $7, sla_seconds = $8 where tenant_id = $1 and id = $2',
      [tx.tenantId, id, name, JSON.stringify(steps), rounds, version, changedAt, slaSeconds],
    );
  }

  remove(tx: Tx, id: string, at: Date): void {
    tx.write('update policies set removed_at = $3 where tenant_id = $1 and id = $2', [tx.tenantId, id, at]);
  }
}
