import type { Tx } from '@throughline/database/database.js';
import type { Placement } from './placing.types.js';

const COLUMNS = 'call_sid, tries, lease_until, placed_at';

/** SQL of `placements`. */
export class PlacementsRepository {
  /** @returns null when it is placed, or somebody else is at it */
  async claim(tx: Tx, id: string, now: Date, until: Date): Promise<Placement | null> {
    const [row] = await tx.rows<Placement>(
      `insert into placements as p (id, tenant_id, tries, lease_until, placed_at) values ($1, $2, 1, $4, $3)
       on conflict (id) do update set tries = p.tries + 1, lease_until = $4 where p.call_sid is null and (p.lease_until is null or p.lease_until <= $3)
       returning ${COLUMNS}`,
      [id, tx.tenantId, now, until],
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
    tx.write('update placements set lease_until = null, tries = tries - 1 where id = $1 and call_sid is null', [id]);
  }

  note(tx: Tx, id: string, callSid: string): void {
    tx.write('update placements set call_sid = $2, lease_until = null where id = $1', [id, callSid]);
  }

  /** Of these calls, the ones that somebody has noted. */
  async known(tx: Tx, callSids: string[]): Promise<Set<string>> {
    const rows = await tx.rows<{ callSid: string }>('select call_sid from placements where tenant_id = $1 and call_sid = any($2::text[])', [tx.tenantId, callSids]);
    return new Set(rows.map(({ callSid }) => callSid));
  }
}
