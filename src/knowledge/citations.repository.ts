import type { Tx } from '@throughline/database/database.js';
import type { Citation } from './knowledge.types.js';

/** SQL of `citations`. */
export class CitationsRepository {
  /** A passage that a turn was shown before is one citation. */
  add(tx: Tx, citation: Citation): void {
    tx.write(
      `insert into citations (id, tenant_id, conversation_sid, turn_id, page_id, passage_id, title, source_url, passage, cited_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict (tenant_id, turn_id, passage_id) do nothing`,
      [citation.id, tx.tenantId, citation.conversationSid, citation.turnId, citation.pageId, citation.passageId, citation.title,
        citation.sourceUrl, citation.passage, citation.citedAt],
    );
  }

  async erase(tx: Tx, conversationSid: string, before: Date | null): Promise<number> {
    return tx.count(
      'delete from citations where tenant_id = $1 and conversation_sid = $2 and ($3::timestamptz is null or cited_at < $3)',
      [tx.tenantId, conversationSid, before],
    );
  }

  async list(
    tx: Tx, conversationSid: string, page: { turnId: string | null; after: { at: Date; id: string } | null; limit: number },
  ): Promise<Citation[]> {
    return tx.rows<Citation>(
      `select id, conversation_sid, turn_id, page_id, passage_id, title, source_url, passage, cited_at from citations
       where tenant_id = $1 and conversation_sid = $2 and ($3::uuid is null or turn_id = $3)
       and ($4::timestamptz is null or (cited_at, id) > ($4, $5::uuid)) order by cited_at, id limit $6`,
      [tx.tenantId, conversationSid, page.turnId, page.after?.at ?? null, page.after?.id ?? null, page.limit],
    );
  }
}
