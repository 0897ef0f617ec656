import type { Tx } from '@throughline/database/database.js';

/** SQL of `mirrors`: where a conversation's copy lives and who is filling it. Rows of their own, so that copying never waits for speaking. */
export class MirrorsRepository {
  /** One copier at a time. @returns until when another one holds it, or null when `lease` has it now */
  async lease(tx: Tx, conversationSid: string, lease: string, now: Date, until: Date): Promise<Date | null> {
    const taken = await tx.count(
      `insert into mirrors as m (conversation_sid, tenant_id, lease, lease_until) values ($1, $2, $3, $5)
       on conflict (conversation_sid) do update set lease = excluded.lease, lease_until = excluded.lease_until
       where m.lease_until is null or m.lease_until <= $4`,
      [conversationSid, tx.tenantId, lease, now, until],
    );
    if (taken === 1) return null;
    const [row] = await tx.rows<{ leaseUntil: Date | null }>('select lease_until from mirrors where conversation_sid = $1', [conversationSid]);
    return row?.leaseUntil ?? now;
  }

  /** @returns false when the lease ran out: somebody else may be copying by now */
  async renew(tx: Tx, conversationSid: string, lease: string, now: Date, until: Date): Promise<boolean> {
    return (await tx.count(
      'update mirrors set lease_until = $4 where conversation_sid = $1 and lease = $2 and lease_until > $3', [conversationSid, lease, now, until],
    )) === 1;
  }

  endLease(tx: Tx, conversationSid: string, lease: string): void {
    tx.write('update mirrors set lease = null, lease_until = null where conversation_sid = $1 and lease = $2', [conversationSid, lease]);
  }

  setService(tx: Tx, conversationSid: string, serviceSid: string): void {
    tx.write(
      `insert into mirrors (conversation_sid, tenant_id, service_sid) values ($1, $2, $3)
       on conflict (conversation_sid) do update set service_sid = excluded.service_sid`,
      [conversationSid, tx.tenantId, serviceSid],
    );
  }

  async serviceOf(tx: Tx, conversationSid: string): Promise<string | null> {
    const [row] = await tx.rows<{ serviceSid: string | null }>('select service_sid from mirrors where conversation_sid = $1', [conversationSid]);
    return row?.serviceSid ?? null;
  }
}
