import type { Tx } from '@throughline/database/database.js';
import type { Summary } from './memory.types.js';

/** SQL of `summaries`. */
export class SummariesRepository {
  async find(tx: Tx, conversationSid: string): Promise<Summary | null> {
    const [row] = await tx.rows<Summary>(
      'select up_to_seq, summary, generation, forgotten_up_to from summaries where tenant_id = $1 and conversation_sid = $2',
      [tx.tenantId, conversationSid],
    );
    return row ?? null;
  }

  /** What is remembered of these conversations, but for this one: the `limit` that were folded last, oldest first. */
  async others(tx: Tx, conversationSids: string[], conversationSid: string, limit: number): Promise<string[]> {
    const rows = await tx.rows<{ summary: string }>(
      `select summary from summaries where tenant_id = $1 and conversation_sid = any($2) and conversation_sid <> $3 and summary <> ''
       order by updated_at desc, conversation_sid limit $4`,
      [tx.tenantId, conversationSids, conversationSid, limit],
    );
    return rows.map(({ summary }) => summary).reverse();
  }

  /** @returns false when the summary is not what it was: somebody else has moved it on, or something was forgotten */
  async moveOn(tx: Tx, conversationSid: string, from: Summary | null, next: Pick<Summary, 'upToSeq' | 'summary'>, at: Date): Promise<boolean> {
    return (await tx.rows(
      `insert into summaries (tenant_id, conversation_sid, up_to_seq, summary, updated_at)
       select $1, $2, $5, $6, $7
       where $3::int = 0 or exists (select 1 from summaries where tenant_id = $1 and conversation_sid = $2)
       on conflict (tenant_id, conversation_sid) do update
       set up_to_seq = excluded.up_to_seq, summary = excluded.summary, updated_at = excluded.updated_at
       where summaries.up_to_seq = $3 and summaries.generation = $4 returning 1`,
      [tx.tenantId, conversationSid, from?.upToSeq ?? 0, from?.generation ?? 0, next.upToSeq, next.summary, at],
    )).length === 1;
  }

  async erase(tx: Tx, conversationSid: string): Promise<number> {
    return tx.count('delete from summaries where tenant_id = $1 and conversation_sid = $2', [tx.tenantId, conversationSid]);
  }

  /** Begins anew, after everything that is forgotten altogether. @param upToSeq forget all messages up to here; 0 for none */
  beginAnew(tx: Tx, conversationSid: string, upToSeq: number, at: Date): void {
    tx.write(
      `insert into summaries as s (tenant_id, conversation_sid, up_to_seq, summary, updated_at, generation, forgotten_up_to)
       values ($1, $2, $3, '', $4, 1, $3)
       on conflict (tenant_id, conversation_sid) do update
       set up_to_seq = greatest(s.forgotten_up_to, $3), forgotten_up_to = greatest(s.forgotten_up_to, $3), summary = '',
         generation = s.generation + 1, updated_at = $4`,
      [tx.tenantId, conversationSid, upToSeq, at],
    );
  }
}
