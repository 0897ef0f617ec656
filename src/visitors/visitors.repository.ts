import type { Tx } from '@throughline/database/database.js';
import type { SecretRows } from '@throughline/database/tenant-secrets.js';
import type { Lead, Visitor } from './visitors.types.js';

const COLUMNS = 'id, tenant_id, widget_key, origin, expires_at, threads, lead_name, lead_email, lead_phone, verified, typing_until, created_at';

/** A shorter address, such as a short code, may be a part of any number: it has to be a whole value. */
const TELLING = 7;

/** SQL of `visitors` and of `chat_keys`, which sign their tokens. */
export class VisitorsRepository implements SecretRows {
  async insert(tx: Tx, visitor: Visitor, refreshHash: string): Promise<void> {
    await tx.count(
      `insert into visitors (id, tenant_id, widget_key, origin, refresh_hash, expires_at, created_at) values ($1, $2, $3, $4, $5, $6, $7)`,
      [visitor.id, visitor.tenantId, visitor.widgetKey, visitor.origin, refreshHash, visitor.expiresAt, visitor.createdAt],
    );
  }

  async find(tx: Tx, id: string): Promise<Visitor | null> {
    const [row] = await tx.rows<Visitor>(`select ${COLUMNS} from visitors where id = $1`, [id]);
    return row ?? null;
  }

  async lock(tx: Tx, id: string): Promise<Visitor | null> {
    const [row] = await tx.rows<Visitor>(`select ${COLUMNS} from visitors where id = $1 for update`, [id]);
    return row ?? null;
  }

  /** The visitor of a refresh token that still holds, for as long again. */
  async renew(tx: Tx, refreshHash: string, at: { widgetKey: string; origin: string; now: Date; expiresAt: Date }): Promise<Visitor | null> {
    const [row] = await tx.rows<Visitor>(
      `update visitors set expires_at = $5 where refresh_hash = $1 and widget_key = $2 and origin = $3 and expires_at > $4 returning ${COLUMNS}`,
      [refreshHash, at.widgetKey, at.origin, at.now, at.expiresAt],
    );
    return row ?? null;
  }

  /** What was said at their address goes on in this conversation from here on. @returns all of them, in order; null for a visitor who is gone */
  async goesOnIn(tx: Tx, id: string, conversationSid: string): Promise<string[] | null> {
    const [row] = await tx.rows<{ threads: string[] }>(
      `with moved as (
         update visitors set threads = array_append(threads, $2) where id = $1 and threads[cardinality(threads)] is distinct from $2 returning threads)
       select threads from moved union all select threads from visitors where id = $1 and not exists (select 1 from moved)`,
      [id, conversationSid],
    );
    // Of two who note it at once, the second has waited for the first, and read what was before.
    return row && !row.threads.includes(conversationSid) ? ((await this.find(tx, id))?.threads ?? null) : (row?.threads ?? null);
  }

  async setLead(tx: Tx, id: string, { name, email, phone, verified }: Lead): Promise<void> {
    await tx.count(
      'update visitors set lead_name = $2, lead_email = $3, lead_phone = $4, verified = $5 where id = $1', [id, name, email, phone, verified],
    );
  }

  async setTyping(tx: Tx, id: string, until: Date | null): Promise<void> {
    await tx.count('update visitors set typing_until = $2 where id = $1', [id, until]);
  }

  async of(tx: Tx, ids: string[]): Promise<Visitor[]> {
    return tx.rows<Visitor>(`select ${COLUMNS} from visitors where id = any($1::uuid[]) order by created_at, id`, [ids]);
  }

  async removeExpired(tx: Tx, now: Date, most: number): Promise<number> {
    return tx.count(
      `delete from visitors where id in (select id from visitors where tenant_id = $1 and expires_at <= $2 limit $3 for update skip locked)`,
      [tx.tenantId, now, most],
    );
  }

  async erase(tx: Tx, ids: string[]): Promise<number> {
    return tx.count('delete from visitors where id = any($1::uuid[])', [ids]);
  }

  /** Visitors of before who say that they are somebody with one of these addresses say nothing any more. Held in their order, so that two wait for each other. */
  async forgetClaims(tx: Tx, addresses: string[], until: Date): Promise<number> {
    return tx.count(
      `with claiming as (
         select id from visitors, unnest(array[lower(lead_name), lower(lead_email), lead_phone]) as said, unnest($2::text[]) as address
         where tenant_id = $1 and created_at <= $3 and (said = lower(address) or (length(address) >= $4 and strpos(said, lower(address)) > 0))
         order by id for update of visitors)
       update visitors set lead_name = null, lead_email = null, lead_phone = null, verified = '{}' where id in (select id from claiming)`,
      [tx.tenantId, addresses, until, TELLING],
    );
  }

  async firstSecret(tx: Tx, offered: string): Promise<string> {
    tx.write('insert into chat_keys (tenant_id, secret) values ($1, $2) on conflict do nothing', [tx.tenantId, offered]);
    return (await this.secret(tx))!;
  }

  async secret(tx: Tx): Promise<string | null> {
    const [row] = await tx.rows<{ secret: string }>('select secret from chat_keys where tenant_id = $1', [tx.tenantId]);
    return row?.secret ?? null;
  }
}
