import type { Tx } from '@throughline/database/database.js';
import type { Copy, CopyKind, Erasure, ErasureState, Needle } from './privacy.types.js';

const COLUMNS = 'id, contact_id, conversation_sid, state, counts, remains, requested_at, settles_at, finished_at';

export type NewCopy = Copy;

/** SQL of `erasures`, `erasure_copies` and `erasure_needles`. */
export class ErasuresRepository {
  /** @returns false when this contact's erasure was asked for before */
  async insert(tx: Tx, erasure: Erasure): Promise<boolean> {
    return (await tx.rows(
      `insert into erasures (id, tenant_id, contact_id, conversation_sid, state, requested_at) values ($1, $2, $3, $4, $5, $6)
       on conflict (tenant_id, contact_id) do nothing returning 1`,
      [erasure.id, tx.tenantId, erasure.contactId, erasure.conversationSid, erasure.state, erasure.requestedAt],
    )).length === 1;
  }

  async ofContact(tx: Tx, contactId: string): Promise<Erasure | null> {
    const [row] = await tx.rows<Erasure>(`select ${COLUMNS} from erasures where tenant_id = $1 and contact_id = $2`, [tx.tenantId, contactId]);
    return row ?? null;
  }

  async ofContacts(tx: Tx, contactIds: string[]): Promise<Erasure | null> {
    const [row] = await tx.rows<Erasure>(
      `select ${COLUMNS} from erasures where tenant_id = $1 and contact_id = any($2::uuid[]) order by requested_at limit 1`, [tx.tenantId, contactIds],
    );
    return row ?? null;
  }

  async find(tx: Tx, id: string): Promise<Erasure | null> {
    const [row] = await tx.rows<Erasure>(`select ${COLUMNS} from erasures where id = $1`, [id]);
    return row ?? null;
  }

  async lock(tx: Tx, id: string): Promise<Erasure | null> {
    const [row] = await tx.rows<Erasure>(`select ${COLUMNS} from erasures where id = $1 for update`, [id]);
    return row ?? null;
  }

  /** What changes with a step. */
  save(tx: Tx, erasure: Erasure, state: ErasureState): void {
    tx.write(
      `update erasures set state = $3, counts = $4, remains = $5, conversation_sid = $6, settles_at = $7, finished_at = $8 where id = $1 and state = $2`,
      [erasure.id, erasure.state, state, JSON.stringify(erasure.counts), erasure.remains && JSON.stringify(erasure.remains), erasure.conversationSid,
        erasure.settlesAt, erasure.finishedAt],
    );
  }

  /** Known ones stay as they are. */
  addCopies(tx: Tx, erasureId: string, copies: NewCopy[]): void {
    tx.write(
      `insert into erasure_copies (id, tenant_id, erasure_id, kind, channel, sid)
       select c.id, $1, $2, c.kind, c.channel, c.sid from jsonb_to_recordset($3::jsonb) as c (id uuid, kind text, channel text, sid text)
       on conflict (erasure_id, kind, sid) do nothing`,
      [tx.tenantId, erasureId, JSON.stringify(copies)],
    );
  }

  async openCopies(tx: Tx, erasureId: string, limit: number): Promise<Copy[]> {
    return tx.rows<Copy>(
      `select id, kind, channel, sid from erasure_copies where erasure_id = $1 and removed_at is null order by kind, id limit $2`, [erasureId, limit],
    );
  }

  /** A user was called by the address: that goes as well. */
  noteRemoved(tx: Tx, copyId: string, at: Date): void {
    tx.write(`update erasure_copies set removed_at = $2, sid = case when kind = 'user' then id::text else sid end where id = $1`, [copyId, at]);
  }

  async copyCounts(tx: Tx, erasureId: string): Promise<{ kind: CopyKind; found: number; removed: number }[]> {
    return tx.rows(
      'select kind, count(*)::int as found, count(removed_at)::int as removed from erasure_copies where erasure_id = $1 group by kind', [erasureId],
    );
  }

  addNeedles(tx: Tx, erasureId: string, needles: (Needle & { id: string })[]): void {
    tx.write(
      `insert into erasure_needles (id, tenant_id, erasure_id, kind, channel, needle)
       select n.id, $1, $2, n.kind, n.channel, n.needle from jsonb_to_recordset($3::jsonb) as n (id uuid, kind text, channel text, needle text)`,
      [tx.tenantId, erasureId, JSON.stringify(needles)],
    );
  }

  async needles(tx: Tx, erasureId: string): Promise<Needle[]> {
    return tx.rows<Needle>('select kind, channel, needle from erasure_needles where erasure_id = $1', [erasureId]);
  }

  dropNeedles(tx: Tx, erasureId: string): void {
    tx.write('delete from erasure_needles where erasure_id = $1', [erasureId]);
  }
}
