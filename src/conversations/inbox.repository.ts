import type { Tx } from '@throughline/database/database.js';
import { type InboundMessage, inboundMessageSchema } from './conversations.types.js';

/** SQL of `inbox`: messages that wait for their Conversation to be made. */
export class InboxRepository {
  /** @returns false when the message is here already */
  async insert(tx: Tx, id: string, message: InboundMessage): Promise<boolean> {
    return (await tx.rows(
      `insert into inbox (id, tenant_id, provider_sid, message, received_at) values ($1, $2, $3, $4, $5)
       on conflict (tenant_id, provider_sid) do nothing returning 1`,
      [id, tx.tenantId, message.providerSid, JSON.stringify(message), message.receivedAt],
    )).length === 1;
  }

  /** The row of this message of the provider's, while it has not been received. */
  async waiting(tx: Tx, providerSid: string): Promise<string | null> {
    const [row] = await tx.rows<{ id: string }>(
      'select id from inbox where tenant_id = $1 and provider_sid = $2 and done_at is null', [tx.tenantId, providerSid],
    );
    return row?.id ?? null;
  }

  /** Everything from this address that has not been received, in the order in which it came. */
  async openOf(tx: Tx, address: string): Promise<{ id: string; message: InboundMessage }[]> {
    const rows = await tx.rows<{ id: string; message: unknown }>(
      `select id, message from inbox where tenant_id = $1 and message->>'address' = $2 and done_at is null order by received_at, id`,
      [tx.tenantId, address],
    );
    return rows.map(({ id, message }) => ({ id, message: inboundMessageSchema.parse(message) }));
  }

  /** The message, unless it has been received since. */
  async open(tx: Tx, id: string): Promise<InboundMessage | null> {
    const [row] = await tx.rows<{ message: unknown }>('select message from inbox where id = $1 and done_at is null', [id]);
    return row ? inboundMessageSchema.parse(row.message) : null;
  }

  /** What waited from these addresses, up to `until`; its id at the provider stays. */
  async erase(tx: Tx, addresses: string[], until: Date, at: Date): Promise<number> {
    return tx.count(
      `update inbox set message = '{}', done_at = coalesce(done_at, $4)
       where tenant_id = $1 and (message->>'address' = any($2) or message->>'alsoKnownAs' = any($2)) and received_at <= $3`,
      [tx.tenantId, addresses, until, at],
    );
  }

  done(tx: Tx, id: string, at: Date): void {
    // The body lives on in the message; a second copy would only have to be erased one day.
    tx.write(`update inbox set done_at = $2, message = '{}' where id = $1`, [id, at]);
  }
}
