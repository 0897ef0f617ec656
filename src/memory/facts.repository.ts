import type { Tx } from '@throughline/database/database.js';
import type { Fact, NewFact } from './memory.types.js';

/** SQL of `facts`. */
export class FactsRepository {
  /** @returns false when the same thing is known already */
  async insert(tx: Tx, id: string, fact: NewFact, at: Date): Promise<boolean> {
    return (await tx.rows(
      `insert into facts (id, tenant_id, contact_id, conversation_sid, statement, source_message_id, created_at)
       values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing returning 1`,
      [id, tx.tenantId, fact.contactId, fact.conversationSid, fact.statement, fact.sourceMessageId, at],
    )).length === 1;
  }

  /** The newest `limit` facts that hold, oldest first. */
  async latest(tx: Tx, contactId: string, limit: number): Promise<Fact[]> {
    const rows = await tx.rows<Fact>(
      `select id, conversation_sid, statement, source_message_id, created_at from facts
       where tenant_id = $1 and contact_id = $2 and superseded_at is null order by created_at desc, id desc limit $3`,
      [tx.tenantId, contactId, limit],
    );
    return rows.reverse();
  }
}
