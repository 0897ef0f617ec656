import type { Tx } from '@throughline/database/database.js';
import type { Candidate } from './facts.policy.js';
import type { Fact, NewFact } from './memory.types.js';

const COLUMNS = `id, conversation_sid, statement, source_message_id, channel, confidence, sensitivity, superseded_at, superseded_by,
  forgotten_at, created_at`;
const HOLDS = 'superseded_at is null and forgotten_at is null';

/** SQL of `facts`. */
export class FactsRepository {
  /** @returns false when the same thing is known already */
  async insert(tx: Tx, id: string, fact: NewFact, at: Date): Promise<boolean> {
    return (await tx.rows(
      `insert into facts (id, tenant_id, contact_id, conversation_sid, statement, source_message_id, channel, confidence, sensitivity, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, coalesce($8::real, 0.7), coalesce($9, 'personal'), $10) on conflict do nothing returning 1`,
      [id, tx.tenantId, fact.contactId, fact.conversationSid, fact.statement, fact.sourceMessageId, fact.channel ?? null,
        fact.confidence ?? null, fact.sensitivity ?? null, at],
    )).length === 1;
  }

  /** The fact of one of these contacts that holds and is called so, locked. */
  async lockNamed(tx: Tx, contactIds: string[], ref: string): Promise<string | null> {
    const rows = await tx.rows<{ id: string }>(
      `select id from facts where tenant_id = $1 and contact_id = any($2::uuid[]) and ${HOLDS} and right(id::text, 6) = $3 for update`,
      [tx.tenantId, contactIds, ref],
    );
    return rows.length === 1 ? rows[0]!.id : null;
  }

  supersede(tx: Tx, id: string, by: string, at: Date): void {
    tx.write('update facts set superseded_at = $3, superseded_by = $2 where id = $1', [id, by, at]);
  }

  /** Facts that hold, with how well each fits the words of the open question; the newest `limit`. */
  async candidates(tx: Tx, contactIds: string[], question: { text: string; language: string }, limit: number): Promise<Candidate[]> {
    return tx.rows<Candidate>(
      `select ${COLUMNS}, ts_rank(to_tsvector($4::text::regconfig, statement), asked.query)::float8 as relevance
       from facts, (select replace(plainto_tsquery($4::text::regconfig, $3)::text, '&', '|')::tsquery as query) as asked
       where tenant_id = $1 and contact_id = any($2::uuid[]) and ${HOLDS} order by created_at desc, id desc limit $5`,
      [tx.tenantId, contactIds, question.text, question.language, limit],
    );
  }

  /** The newest `limit` facts that hold of these contacts, who are one person, oldest first. */
  async latest(tx: Tx, contactIds: string[], limit: number): Promise<Fact[]> {
    const rows = await tx.rows<Fact>(
      `select ${COLUMNS} from facts where tenant_id = $1 and contact_id = any($2::uuid[]) and ${HOLDS} order by created_at desc, id desc limit $3`,
      [tx.tenantId, contactIds, limit],
    );
    return rows.reverse();
  }

  /** Oldest first; with `history` also what was replaced or forgotten. */
  async list(tx: Tx, contactIds: string[], page: { history: boolean; after: { at: Date; id: string } | null; limit: number }): Promise<Fact[]> {
    return tx.rows<Fact>(
      `select ${COLUMNS} from facts where tenant_id = $1 and contact_id = any($2::uuid[]) and ($3 or (${HOLDS}))
       and ($4::timestamptz is null or (created_at, id) > ($4, $5::uuid)) order by created_at, id limit $6`,
      [tx.tenantId, contactIds, page.history, page.after?.at ?? null, page.after?.id ?? null, page.limit],
    );
  }

  /** These facts, or all of these contacts, with everything that they replaced. Locked; what was forgotten before is not among them. */
  async lockToForget(tx: Tx, contactIds: string[], ids: string[] | 'everything'): Promise<Fact[]> {
    return tx.rows<Fact>(
      `with recursive meant as (
         select id from facts where tenant_id = $1 and contact_id = any($2::uuid[]) and ($3::uuid[] is null or id = any($3))
         union select f.id from facts f join meant m on f.superseded_by = m.id where f.tenant_id = $1 and f.contact_id = any($2::uuid[]))
       select ${COLUMNS} from facts where tenant_id = $1 and id in (select id from meant) and forgotten_at is null order by id for update`,
      [tx.tenantId, contactIds, ids === 'everything' ? null : ids],
    );
  }

  /** Of all contacts. */
  async eraseOlder(tx: Tx, before: Date): Promise<number> {
    return tx.count('delete from facts where tenant_id = $1 and created_at < $2', [tx.tenantId, before]);
  }

  async erase(tx: Tx, contactIds: string[]): Promise<number> {
    return tx.count('delete from facts where tenant_id = $1 and contact_id = any($2::uuid[])', [tx.tenantId, contactIds]);
  }

  /** Their words are gone; the rows stay as a mark that there was something. */
  blank(tx: Tx, ids: string[], at: Date): void {
    tx.write(`update facts set statement = '', forgotten_at = $2 where id = any($1::uuid[])`, [ids, at]);
  }
}
