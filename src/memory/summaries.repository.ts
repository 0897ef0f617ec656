import type { Tx } from '@throughline/database/database.js';
import type { Summary } from './memory.types.js';

/** SQL of `summaries`. */
export class SummariesRepository {
  async find(tx: Tx, conversationSid: string): Promise<Summary | null> {
    const [row] = await tx.rows<Summary>(
      'select up_to_seq, summary from summaries where tenant_id = $1 and conversation_sid = $2', [tx.tenantId, conversationSid],
    );
    return row ?? null;
  }

  /** @returns false when the summary no longer reaches to `fromSeq`: somebody else has moved it on, or erased it */
  async moveOn(tx: Tx, conversationSid: string, fromSeq: number, next: Summary, at: Date): Promise<boolean> {
    return (await tx.rows(
      `insert into summaries (tenant_id, conversation_sid, up_to_seq, summary, updated_at)
       select $1, $2, $4, $5, $6
       where $3::int = 0 or exists (select 1 from summaries where tenant_id = $1 and conversation_sid = $2)
       on conflict (tenant_id, conversation_sid) do update
       set up_to_seq = excluded.up_to_seq, summary = excluded.summary, updated_at = excluded.updated_at
       where summaries.up_to_seq = $3 returning 1`,
      [tx.tenantId, conversationSid, fromSeq, next.upToSeq, next.summary, at],
    )).length === 1;
  }
}
