import type { Tx } from '@throughline/database/database.js';
import type { Judge, NewVerdict, Verdict } from './triage.types.js';

const COLUMNS = `id, tenant_id, conversation_sid, from_seq, seq, judge, urgency, reasons, is_unproved, model, prompt_version, latency_ms, input_tokens, output_tokens, tries,
  let_through_at, incident_id, withheld, created_at`;

/** SQL of `verdicts`. */
export class VerdictsRepository {
  /** Of two of one judge about the same message the more urgent one stands; it has to be reported anew then. @returns what stands */
  async save(tx: Tx, id: string, verdict: NewVerdict, at: Date): Promise<Verdict & { isFresh: boolean }> {
    const { conversationSid, fromSeq, seq, judge, urgency, reasons, isUnproved, model, promptVersion, latencyMs, inputTokens, outputTokens, tries } = verdict;
    const [row] = await tx.rows<Verdict & { isFresh: boolean }>(
      `insert into verdicts as v (id, tenant_id, conversation_sid, from_seq, seq, judge, urgency, reasons, is_unproved, model, prompt_version, latency_ms, input_tokens, output_tokens, tries, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
       on conflict (tenant_id, conversation_sid, seq, judge) do update set from_seq = least(v.from_seq, excluded.from_seq), urgency = greatest(v.urgency, excluded.urgency),
         reasons = case when excluded.urgency > coalesce(v.urgency, 0) then excluded.reasons else v.reasons end,
         incident_id = case when excluded.urgency > coalesce(v.urgency, 0) then null else v.incident_id end,
         withheld = case when excluded.urgency > coalesce(v.urgency, 0) then null else v.withheld end
       returning ${COLUMNS}, xmax = 0 as is_fresh`,
      [id, tx.tenantId, conversationSid, fromSeq, seq, judge, urgency, reasons, isUnproved, model, promptVersion, latencyMs, inputTokens, outputTokens, tries, at],
    );
    return row!;
  }

  /** @returns whether nobody else is asking about this conversation. Whoever began with the same message has it anew. */
  async lease(tx: Tx, conversationSid: string, seq: number, now: Date, until: Date): Promise<boolean> {
    const rows = await tx.rows(
      `insert into judgings as j (tenant_id, conversation_sid, seq, lease_until) values ($1, $2, $3, $5)
       on conflict (tenant_id, conversation_sid) do update set seq = excluded.seq, lease_until = excluded.lease_until where j.lease_until <= $4 or j.seq = excluded.seq returning 1`,
      [tx.tenantId, conversationSid, seq, now, until],
    );
    return rows.length > 0;
  }

  endLease(tx: Tx, conversationSid: string, seq: number): void {
    tx.write('delete from judgings where tenant_id = $1 and conversation_sid = $2 and seq = $3', [tx.tenantId, conversationSid, seq]);
  }

  /** One more try has failed. @returns how many there were */
  async noteTry(tx: Tx, id: string, { conversationSid, fromSeq, isUnproved }: Pick<Verdict, 'conversationSid' | 'fromSeq' | 'isUnproved'>, at: Date): Promise<number> {
    const [row] = await tx.rows<{ tries: number }>(
      `insert into verdicts as v (id, tenant_id, conversation_sid, from_seq, seq, judge, reasons, is_unproved, tries, created_at) values ($1, $2, $3, $4, $4, 'pending', '{}', $5, 1, $6)
       on conflict (tenant_id, conversation_sid, seq, judge) do update set tries = v.tries + 1 returning tries`,
      [id, tx.tenantId, conversationSid, fromSeq, isUnproved, at],
    );
    return row!.tries;
  }

  /** It is judged by now, or will not be. @returns how often it was tried */
  async endTries(tx: Tx, conversationSid: string, seq: number): Promise<number> {
    const [row] = await tx.rows<{ tries: number }>(
      `delete from verdicts where tenant_id = $1 and conversation_sid = $2 and seq = $3 and judge = 'pending' returning tries`, [tx.tenantId, conversationSid, seq],
    );
    return row?.tries ?? 0;
  }

  /** The verdict of one of these judges that this message is in. */
  async covering(tx: Tx, conversationSid: string, seq: number, judges: readonly Judge[]): Promise<Verdict | null> {
    const [row] = await tx.rows<Verdict>(
      `select ${COLUMNS} from verdicts where tenant_id = $1 and conversation_sid = $2 and from_seq <= $3 and seq >= $3 and judge = any($4) order by seq limit 1`,
      [tx.tenantId, conversationSid, seq, judges],
    );
    return row ?? null;
  }

  /** The incident to which somebody else has reported this message, as urgently or more so. */
  async reportedBy(tx: Tx, { id, conversationSid, fromSeq, seq, urgency }: Verdict): Promise<string | null> {
    const [row] = await tx.rows<{ incidentId: string }>(
      `select incident_id from verdicts where tenant_id = $1 and conversation_sid = $2 and id <> $3 and from_seq <= $5 and seq >= $4 and urgency >= $6 and incident_id is not null
       order by created_at desc limit 1`,
      [tx.tenantId, conversationSid, id, fromSeq, seq, urgency],
    );
    return row?.incidentId ?? null;
  }

  /** What came of it. */
  settle(tx: Tx, id: string, { incidentId, withheld }: Pick<Verdict, 'incidentId' | 'withheld'>): void {
    tx.write('update verdicts set incident_id = $3, withheld = $4 where tenant_id = $1 and id = $2', [tx.tenantId, id, incidentId, withheld]);
  }

  /** Whoever else counts in this tenant waits until this transaction is over. */
  async countAlone(tx: Tx): Promise<void> {
    await tx.rows('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`triage/${tx.tenantId}`]);
  }

  /** To how many incidents such verdicts have been let through since then: of this conversation, and of all others. What is on its way is one. @param isUnproved of mails; else of strangers */
  async letThroughSince(tx: Tx, conversationSid: string, isUnproved: boolean, since: Date): Promise<{ here: number; elsewhere: number }> {
    const [row] = await tx.rows<{ here: number; elsewhere: number }>(
      `select count(distinct coalesce(incident_id::text, '')) filter (where conversation_sid = $2)::int as here,
         count(distinct coalesce(incident_id::text, conversation_sid)) filter (where conversation_sid <> $2)::int as elsewhere
       from verdicts where tenant_id = $1 and let_through_at >= $3 and is_unproved = $4`,
      [tx.tenantId, conversationSid, since, isUnproved],
    );
    return row!;
  }

  letThrough(tx: Tx, id: string, at: Date): void {
    tx.write('update verdicts set let_through_at = $3 where tenant_id = $1 and id = $2', [tx.tenantId, id, at]);
  }

  /** Oldest first. */
  async list(tx: Tx, conversationSid: string, after: { at: Date; id: string } | null, limit: number): Promise<Verdict[]> {
    return tx.rows<Verdict>(
      `select ${COLUMNS} from verdicts where tenant_id = $1 and conversation_sid = $2 and ($3::timestamptz is null or (created_at, id) > ($3, $4::uuid)) order by created_at, id limit $5`,
      [tx.tenantId, conversationSid, after?.at ?? null, after?.id ?? null, limit],
    );
  }

  async ofConversations(tx: Tx, conversationSids: string[]): Promise<Verdict[]> {
    return tx.rows<Verdict>(`select ${COLUMNS} from verdicts where tenant_id = $1 and conversation_sid = any($2) order by created_at, id`, [tx.tenantId, conversationSids]);
  }

  async erase(tx: Tx, conversationSids: string[]): Promise<number> {
    return tx.count(`update verdicts set reasons = '{}', withheld = null where tenant_id = $1 and conversation_sid = any($2) and (reasons <> '{}' or withheld is not null)`, [tx.tenantId, conversationSids]);
  }

  /** What was found in messages up to there: a verdict may be younger than they are. */
  purge(tx: Tx, conversationSid: string, upToSeq: number): void {
    tx.write(`update verdicts set reasons = '{}', withheld = null where tenant_id = $1 and conversation_sid = $2 and from_seq <= $3`, [tx.tenantId, conversationSid, upToSeq]);
  }
}
