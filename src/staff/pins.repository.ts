import type { Tx } from '@throughline/database/database.js';

/** What is kept of a PIN. */
export interface Pin {
  staffId: string;
  /** See `pin.policy.ts`. */
  hash: string;
  /** How often somebody has tried since `triesSince` and was not found right. */
  tries: number;
  triesSince: Date;
  changedAt: Date;
}

const COLUMNS = 'staff_id, hash, tries, tries_since, changed_at';

/** SQL of `staff_pins`. */
export class PinsRepository {
  set(tx: Tx, staffId: string, hash: string, at: Date): void {
    tx.write(
      `insert into staff_pins (tenant_id, staff_id, hash, tries_since, changed_at) values ($1, $2, $3, $4, $4)
       on conflict (staff_id) do update set hash = excluded.hash, tries = 0, tries_since = excluded.tries_since, changed_at = excluded.changed_at`,
      [tx.tenantId, staffId, hash, at],
    );
  }

  async find(tx: Tx, staffId: string): Promise<Pin | null> {
    const [row] = await tx.rows<Pin>(`select ${COLUMNS} from staff_pins where tenant_id = $1 and staff_id = $2`, [tx.tenantId, staffId]);
    return row ?? null;
  }

  /** One more. @param startsAnew tries from before count no more @returns how it stands with this one; null where there is no PIN */
  async count(tx: Tx, staffId: string, now: Date, startsAnew: Date): Promise<Pin | null> {
    const [row] = await tx.rows<Pin>(
      `update staff_pins set tries = case when tries_since <= $4 then 1 else tries + 1 end, tries_since = case when tries_since <= $4 then $3 else tries_since end
       where tenant_id = $1 and staff_id = $2 returning ${COLUMNS}`,
      [tx.tenantId, staffId, now, startsAnew],
    );
    return row ?? null;
  }

  /** It was right, so it does not count. */
  uncount(tx: Tx, staffId: string): void {
    tx.write('update staff_pins set tries = greatest(tries - 1, 0) where tenant_id = $1 and staff_id = $2', [tx.tenantId, staffId]);
  }

  async remove(tx: Tx, staffId: string): Promise<boolean> {
    return (await tx.count('delete from staff_pins where tenant_id = $1 and staff_id = $2', [tx.tenantId, staffId])) === 1;
  }
}
