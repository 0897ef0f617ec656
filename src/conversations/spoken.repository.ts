import type { Tx } from '@throughline/database/database.js';
import type { Message, MessageStatus } from './conversations.types.js';

/** SQL of those `messages` that are said into a phone call. */
export class SpokenRepository {
  /**
   * The caller has said something. Answers in writing go where they went before, if they went anywhere.
   *
   * @param asks it is the newest question of the conversation; what is said under a number that is only shown outdates nothing that its owner has asked
   */
  noteHeard(tx: Tx, conversationSid: string, { seq, address, sender }: Pick<Message, 'seq' | 'address' | 'sender'>, at: Date, asks: boolean): void {
    tx.write(
      `update conversations set last_seq = $2, last_inbound_seq = case when $6 then $2 else last_inbound_seq end, last_activity_at = $3, reply_channel = coalesce(reply_channel, 'voice'),
       reply_address = case when reply_channel is null then $4 else reply_address end, reply_sender = case when reply_channel is null then $5 else reply_sender end
       where conversation_sid = $1`,
      [conversationSid, seq, at, address, sender, asks],
    );
  }

  /** More of it has been said. What was erased meanwhile (no details) stays as it is; so below. */
  grow(tx: Tx, id: string, body: string): void {
    tx.write(`update messages set body = $2 where id = $1 and status = 'sending' and details is not null`, [id, body]);
  }

  /** Once: what was decided before stays. */
  settle(tx: Tx, id: string, end: { body: string; status: MessageStatus; cause: string | null; mirrored: boolean; keepsTurn: boolean }): void {
    tx.write(
      `update messages set body = $2, status = $3, status_cause = $4, mirror_state = case when $5 then mirror_state else 'none' end,
       turn_id = case when $6 then turn_id end where id = $1 and status = 'sending' and channel = 'voice' and details is not null`,
      [id, end.body, end.status, end.cause, end.mirrored, end.keepsTurn],
    );
  }

  /** @param unwritten what stands for words that never came @returns its place in the thread; null when it was written down before */
  async writeDown(tx: Tx, key: string, body: string, remarks: string[], unwritten: string[]): Promise<number | null> {
    const [row] = await tx.rows<{ seq: number }>(
      `update messages set body = $3, status = 'received', details = jsonb_set(details, '{words}', $4::jsonb)
       where tenant_id = $1 and provider_sid = $2 and direction = 'inbound' and (status = 'sending' or details->'words' = $5::jsonb) and details is not null
       returning seq`,
      [tx.tenantId, key, body, JSON.stringify(remarks), JSON.stringify(unwritten)],
    );
    return row ? row.seq : null;
  }

  /** What a caller has said that is not written down yet. */
  async unwritten(tx: Tx, conversationSid: string, callSid: string): Promise<string[]> {
    const rows = await tx.rows<{ key: string }>(
      `select provider_sid as key from messages where conversation_sid = $1 and channel = 'voice' and direction = 'inbound' and status = 'sending'
       and details->'call'->>'sid' = $2 order by seq`,
      [conversationSid, callSid],
    );
    return rows.map(({ key }) => key);
  }

  /** What is still being said to a caller, oldest first. */
  async unsettled(tx: Tx, conversationSid: string, callSid: string): Promise<{ id: string; body: string }[]> {
    return tx.rows(
      `select id, body from messages where conversation_sid = $1 and channel = 'voice' and direction = 'outbound' and status = 'sending' and details->'call'->>'sid' = $2 order by seq`,
      [conversationSid, callSid],
    );
  }
}
