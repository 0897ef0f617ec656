import type { Tx } from '@throughline/database/database.js';
import type { Sender } from './tenancy.types.js';

const STORED = 'id, tenant_id, account_sid, channel, address, messaging_service_sid, messages_per_second, label, origin, caught_up_until, created_at';
const COLUMNS = `${STORED}, case when channel = 'voice' then coalesce(engine, 'relay') end as engine`;

/** SQL of `senders`. */
export class SendersRepository {
  /** @returns false when the account has this address already, whoever it belongs to */
  async insert(tx: Tx, sender: Sender): Promise<boolean> {
    const rows = await tx.rows(
      `insert into senders (${STORED}, engine) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $11, $10, $12)
       on conflict (account_sid, channel, address) do nothing returning id`,
      [sender.id, sender.tenantId, sender.accountSid, sender.channel, sender.address, sender.messagingServiceSid,
        sender.messagesPerSecond, sender.label, sender.origin, sender.createdAt, sender.caughtUpUntil, sender.engine],
    );
    return rows.length === 1;
  }

  async findByAddress(tx: Tx, accountSid: string, channel: string, address: string): Promise<Sender | null> {
    const [row] = await tx.rows<Sender>(
      `select ${COLUMNS} from senders where account_sid = $1 and channel = $2 and address = $3`, [accountSid, channel, address],
    );
    return row ?? null;
  }

  async list(tx: Tx, after: { at: Date; id: string } | null, limit: number): Promise<Sender[]> {
    return tx.rows<Sender>(
      `select ${COLUMNS} from senders where $1::timestamptz is null or (created_at, id) > ($1, $2::uuid)
       order by created_at, id limit $3`,
      [after?.at ?? null, after?.id ?? null, limit],
    );
  }

  async update(tx: Tx, id: string, change: Pick<Sender, 'label' | 'messagesPerSecond' | 'messagingServiceSid' | 'engine'>): Promise<Sender | null> {
    const [row] = await tx.rows<Sender>(
      `update senders set label = $2, messages_per_second = $3, messaging_service_sid = $4, engine = $5 where id = $1 returning ${COLUMNS}`,
      [id, change.label, change.messagesPerSecond, change.messagingServiceSid, change.engine],
    );
    return row ?? null;
  }

  /** The sender of `from` is one of `to` from `at` on. Needs the system scope, because the row changes tenants. */
  async move(tx: Tx, id: string, change: { from: string; to: string; at: Date }): Promise<Sender | null> {
    const [row] = await tx.rows<Sender>(
      `update senders set tenant_id = $3, origin = 'api', created_at = $4, caught_up_until = null
       where id = $1 and tenant_id = $2 returning ${COLUMNS}`,
      [id, change.from, change.to, change.at],
    );
    return row ?? null;
  }

  async remove(tx: Tx, id: string): Promise<boolean> {
    return (await tx.count('delete from senders where id = $1', [id])) === 1;
  }

  setCaughtUp(tx: Tx, id: string, until: Date): void {
    tx.write('update senders set caught_up_until = $2 where id = $1', [id, until]);
  }

  async find(tx: Tx, id: string): Promise<Sender | null> {
    const [row] = await tx.rows<Sender>(`select ${COLUMNS} from senders where id = $1`, [id]);
    return row ?? null;
  }
}
