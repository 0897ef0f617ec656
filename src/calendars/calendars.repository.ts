import type { Tx } from '@throughline/database/database.js';
import type { Calendar } from './calendars.types.js';

const COLUMNS = 'id, schedule_id, staff_id, made_by, created_at, read_at';

/** SQL of `calendars`. */
export class CalendarsRepository {
  /** Of a schedule that is held: nobody else adds one with the same key meanwhile. */
  insert(tx: Tx, { id, scheduleId, staffId, madeBy, createdAt }: Calendar, fingerprint: string): void {
    tx.write(
      'insert into calendars (id, tenant_id, schedule_id, staff_id, made_by, created_at, fingerprint) values ($1, $2, $3, $4, $5, $6, $7)',
      [id, tx.tenantId, scheduleId, staffId, madeBy, createdAt, fingerprint],
    );
  }

  async find(tx: Tx, id: string): Promise<Calendar | null> {
    const [row] = await tx.rows<Calendar>(`select ${COLUMNS} from calendars where tenant_id = $1 and id = $2 and removed_at is null`, [tx.tenantId, id]);
    return row ?? null;
  }

  async fingerprintOf(tx: Tx, id: string): Promise<string | null> {
    const [row] = await tx.rows<{ fingerprint: string }>('select fingerprint from calendars where tenant_id = $1 and id = $2', [tx.tenantId, id]);
    return row?.fingerprint ?? null;
  }

  async list(tx: Tx, scheduleId: string, after: { at: Date; id: string } | null, limit: number): Promise<Calendar[]> {
    return tx.rows<Calendar>(
      `select ${COLUMNS} from calendars where tenant_id = $1 and schedule_id = $2 and removed_at is null and ($3::timestamptz is null or (created_at, id) > ($3, $4::uuid))
       order by created_at, id limit $5`,
      [tx.tenantId, scheduleId, after?.at ?? null, after?.id ?? null, limit],
    );
  }

  async count(tx: Tx, scheduleId: string): Promise<number> {
    const [row] = await tx.rows<{ n: number }>('select count(*)::int as n from calendars where tenant_id = $1 and schedule_id = $2 and removed_at is null', [tx.tenantId, scheduleId]);
    return row!.n;
  }

  noteRead(tx: Tx, id: string, at: Date): void {
    tx.write('update calendars set read_at = $3 where tenant_id = $1 and id = $2', [tx.tenantId, id, at]);
  }

  /** @returns false when it is not there */
  async remove(tx: Tx, scheduleId: string, id: string, at: Date): Promise<boolean> {
    return (await tx.count(
      'update calendars set removed_at = $4 where tenant_id = $1 and schedule_id = $2 and id = $3 and removed_at is null', [tx.tenantId, scheduleId, id, at],
    )) === 1;
  }
}
