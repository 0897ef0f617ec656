import type { Tx } from '@throughline/database/database.js';

const MOST_REMOVED = 20;

/** SQL of `use_windows`. */
export class UseWindowsRepository {
  /** @param startsAnew a window from before is over */
  async use(tx: Tx, key: string, { now, startsAnew }: { now: Date; startsAnew: Date }): Promise<{ since: Date; used: number }> {
    const [row] = await tx.rows<{ since: Date; used: number }>(
      `insert into use_windows as w (tenant_id, key, since, used) values ($1, $2, $3, 1)
       on conflict (tenant_id, key) do update set since = case when w.since <= $4 then $3 else w.since end, used = case when w.since <= $4 then 1 else w.used + 1 end
       returning since, used`,
      [tx.tenantId, key, now, startsAnew],
    );
    return row!;
  }

  removeBefore(tx: Tx, before: Date): void {
    tx.write(
      `delete from use_windows where (tenant_id, key) in
         (select tenant_id, key from use_windows where tenant_id = $1 and since < $2 limit $3 for update skip locked)`,
      [tx.tenantId, before, MOST_REMOVED],
    );
  }
}
