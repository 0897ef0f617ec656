import type { Tx } from '@throughline/database/database.js';

const MOST_REMOVED = 20;

/** SQL of `use_windows`. */
export class UseWindowsRepository {
  /** @param startsAnew a window from before is over */
  async use(tx: Tx, key: string, { now, startsAnew, amount }: { now: Date; startsAnew: Date; amount: number }): Promise<{ since: Date; used: number }> {
    const [row] = await tx.rows<{ since: Date; used: number }>(
      `insert into use_windows as w (tenant_id, key, since, used) values ($1, $2, $3, $5)
       on conflict (tenant_id, key) do update set since = case when w.since <= $4 then $3 else w.since end, used = case when w.since <= $4 then $5 else w.used + $5 end
       returning since, used`,
      [tx.tenantId, key, now, startsAnew, amount],
    );
    return row!;
  }

  async has(tx: Tx, key: string): Promise<boolean> {
    return (await tx.rows('select 1 from use_windows where tenant_id = $1 and key = $2', [tx.tenantId, key])).length > 0;
  }

  removeBefore(tx: Tx, before: Date): void {
    tx.write(
      `delete from use_windows where (tenant_id, key) in
         (select tenant_id, key from use_windows where tenant_id = $1 and since < $2 limit $3 for update skip locked)`,
      [tx.tenantId, before, MOST_REMOVED],
    );
  }
}
