import type { Tx } from '@throughline/database/database.js';
import type { Placement, Wanted } from './placing.types.js';

const COLUMNS = 'call_sid, tries, lease_until, placed_at';

/** SQL of `placements`. */
export class PlacementsRepository {
  /** @param phone while it is being placed. @returns null when it is placed, or somebody else is at it */
  async claim(tx: Tx, { id, to: phone }: Pick<Wanted, 'id' | 'to'>, now: Date, until: Date): Promise<Placement | null> {
    const [row] = await tx.rows<Placement>(
      `insert into placements as p (id, tenant_id, tries, lease_until, placed_at, phone) values ($1, $2, 1, $4, $3, $5)
       on conflict (id) do update set tries = p.tries + 1, lease_until = $4, phone = $5 where p.call_sid is null and (p.lease_until is null or p.lease_until <= $3)
       returning ${COLUMNS}`,
      [id, tx.tenantId, now, until, phone],
    );
    return row ?? null;
  }

  async find(tx: Tx, id: string): Promise<Placement | null> {
    const [row] = await tx.rows<Placement>(`select ${COLUMNS} from placements where tenant_id = $1 and id = $2`, [tx.tenantId, id]);
    return row ?? null;
  }

  /** Whose call it is. Asked in the system scope. */
  async tenantOf(tx: Tx, id: string): Promise<string | null> {
    const [row] = await tx.rows<{ tenantId: string }>('select tenant_id from placements where id = $1', [id]);
    return row?.tenantId ?? null;
  }

  /** Twilio has certainly not placed it. */
  release(tx: Tx, id: string): void {
    tx.write('update placements set lease_until = null, phone = null, tries = tries - 1 where id = $1 and call_sid is null', [id]);
  }

  /** Nobody will look for it any more. */
  forget(tx: Tx, id: string): void {
    tx.write('update placements set phone = null where id = $1', [id]);
  }

  note(tx: Tx, id: string, callSid: string): void {
    tx.write('update placements set call_sid = $2, lease_until = null, phone = null where id = $1', [id, callSid]);
  }

  /** Whether somebody else has begun to place a call to the same phone, and has not said which it is; of two who look for theirs only the earlier one. */
  async othersBusy(tx: Tx, { id, to: phone }: Pick<Wanted, 'id' | 'to'>, now: Date): Promise<boolean> {
    return (await tx.count(
      'select 1 from placements where tenant_id = $1 and phone = $4 and id <> $2 and call_sid is null and lease_until > $3 and (tries = 1 or id < $2) limit 1', [tx.tenantId, id, now, phone],
    )) > 0;
  }

  /** Of these calls, the ones that are noted as some other one: a webhook may have noted this one while it was looked for. */
  async known(tx: Tx, id: string, callSids: string[]): Promise<Set<string>> {
    const rows = await tx.rows<{ callSid: string }>('select call_sid from placements where tenant_id = $1 and id <> $3 and call_sid = any($2::text[])', [tx.tenantId, callSids, id]);
    return new Set(rows.map(({ callSid }) => callSid));
  }
}
