import type { Tx } from '@throughline/database/database.js';

/** SQL of `sender_rates`: a token bucket for each sender, shared by every process. */
export class RatesRepository {
  /**
   * Takes `cost` tokens from the sender's bucket, which holds `burst` at the most and gains `rate` a second.
   *
   * @returns 0 when they were taken, else the milliseconds until there will be enough
   */
  async take(tx: Tx, sender: string, request: { cost: number; rate: number; burst: number; now: Date }): Promise<number> {
    const { rate, burst, now } = request;
    const cost = Math.min(request.cost, burst);
    // Noted by a clock that was ahead: it would gain nothing until that time has come.
    const isAhead = `r.refilled_at > $3::timestamptz + interval '1 minute'`;
    const refilled = `case when ${isAhead} then $4::real else least($4::real, r.tokens + greatest(0, extract(epoch from $3::timestamptz - r.refilled_at)) * $5::real) end`;
    const taken = await tx.rows(
      `insert into sender_rates as r (tenant_id, sender, tokens, refilled_at) values ($1, $2, $4::real - $6::real, $3)
       on conflict (tenant_id, sender) do update
       set tokens = ${refilled} - $6::real, refilled_at = case when ${isAhead} then $3 else greatest(r.refilled_at, $3) end
       where ${refilled} >= $6::real returning 1`,
      [tx.tenantId, sender, now, burst, rate, cost],
    );
    if (taken.length === 1) return 0;
    const [row] = await tx.rows<{ tokens: number }>(
      `select ${refilled} as tokens from sender_rates r where tenant_id = $1 and sender = $2 and $6::real is not null`,
      [tx.tenantId, sender, now, burst, rate, cost],
    );
    return Math.ceil(((cost - (row?.tokens ?? 0)) / rate) * 1_000);
  }
}
