import type { Tx } from '@throughline/database/database.js';
import type { StaffMember } from './staff.types.js';

const COLUMNS = 'id, name, time_zone, do_not_disturb, external_ref, version, created_at, changed_at';

/** SQL of `staff_members`. */
export class StaffRepository {
  /** @returns false when somebody has this id, or comes from the same place */
  async insert(tx: Tx, member: StaffMember, fingerprint: string): Promise<boolean> {
    return (await tx.count(
      `insert into staff_members (tenant_id, ${COLUMNS}, fingerprint) values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9) on conflict do nothing`,
      [tx.tenantId, member.id, member.name, member.timeZone, JSON.stringify(member.doNotDisturb), member.externalRef, member.version, member.createdAt, fingerprint],
    )) === 1;
  }

  async find(tx: Tx, id: string): Promise<StaffMember | null> {
    return (await this.findAll(tx, [id]))[0] ?? null;
  }

  async findAll(tx: Tx, ids: readonly string[]): Promise<StaffMember[]> {
    return tx.rows<StaffMember>(`select ${COLUMNS} from staff_members where tenant_id = $1 and id = any($2::uuid[]) and removed_at is null`, [tx.tenantId, ids]);
  }

  async findByRef(tx: Tx, externalRefs: readonly string[]): Promise<StaffMember[]> {
    return tx.rows<StaffMember>(
      `select ${COLUMNS} from staff_members where tenant_id = $1 and external_ref = any($2) and removed_at is null`, [tx.tenantId, externalRefs],
    );
  }

  async names(tx: Tx, ids: readonly string[]): Promise<Pick<StaffMember, 'id' | 'name'>[]> {
    return tx.rows('select id, name from staff_members where tenant_id = $1 and id = any($2::uuid[])', [tx.tenantId, ids]);
  }

  async everybody(tx: Tx): Promise<Pick<StaffMember, 'id' | 'name' | 'timeZone'>[]> {
    return tx.rows('select id, name, time_zone from staff_members where tenant_id = $1', [tx.tenantId]);
  }

  async fingerprintOf(tx: Tx, id: string): Promise<string | null> {
    const [row] = await tx.rows<{ fingerprint: string }>('select fingerprint from staff_members where tenant_id = $1 and id = $2', [tx.tenantId, id]);
    return row?.fingerprint ?? null;
  }

  async lock(tx: Tx, id: string): Promise<StaffMember | null> {
    const [row] = await tx.rows<StaffMember>(`select ${COLUMNS} from staff_members where tenant_id = $1 and id = $2 and removed_at is null for update`, [tx.tenantId, id]);
    return row ?? null;
  }

  /** They stay until this transaction is over. @returns those that are there */
  async hold(tx: Tx, ids: readonly string[]): Promise<string[]> {
    const rows = await tx.rows<{ id: string }>(
      'select id from staff_members where tenant_id = $1 and id = any($2::uuid[]) and removed_at is null order by id for share', [tx.tenantId, ids],
    );
    return rows.map(({ id }) => id);
  }

  update(tx: Tx, { id, name, timeZone, doNotDisturb, version, changedAt }: StaffMember): void {
    tx.write(
      'update staff_members set name = $3, time_zone = $4, do_not_disturb = $5, version = $6, changed_at = $7 where tenant_id = $1 and id = $2',
      [tx.tenantId, id, name, timeZone, JSON.stringify(doNotDisturb), version, changedAt],
    );
  }

  remove(tx: Tx, id: string, at: Date): void {
    tx.write(`update staff_members set removed_at = $3, do_not_disturb = '[]' where tenant_id = $1 and id = $2`, [tx.tenantId, id, at]);
  }

  async list(tx: Tx, after: { at: Date; id: string } | null, limit: number): Promise<StaffMember[]> {
    return tx.rows<StaffMember>(
      `select ${COLUMNS} from staff_members where tenant_id = $1 and removed_at is null and ($2::timestamptz is null or (created_at, id) > ($2, $3::uuid))
       order by created_at, id limit $4`,
      [tx.tenantId, after?.at ?? null, after?.id ?? null, limit],
    );
  }
}
