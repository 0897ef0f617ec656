import type { Tx } from '@throughline/database/database.js';
import type { LastWrote, Message, MessageVia } from './conversations.types.js';

const COLUMNS = `id, tenant_id, conversation_sid, seq, direction, author_kind, author, channel, address, sender, body, purpose, media, details,
  status, error_code, status_cause, via, provider_sid, turn_id, mirror_state, mirror_sid, created_at`;

/** A message that far behind is not what anybody waits for. */
const LOOK_BACK = 50;

export type NewMessage = Omit<Message, 'errorCode' | 'statusCause' | 'via'>;

/** SQL of `messages`. */
export class MessagesRepository {
  /** @returns false when the record has the message already (the provider's sid, the turn, or the mirror's sid) */
  async insert(tx: Tx, message: NewMessage): Promise<boolean> {
    return (await tx.rows(
      `insert into messages (id, tenant_id, conversation_sid, seq, direction, author_kind, author, channel, address, sender, body,
         media, status, provider_sid, turn_id, mirror_state, mirror_sid, created_at, purpose, details)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
       on conflict do nothing returning 1`,
      [message.id, message.tenantId, message.conversationSid, message.seq, message.direction, message.authorKind, message.author,
        message.channel, message.address, message.sender, message.body, JSON.stringify(message.media), message.status,
        message.providerSid, message.turnId, message.mirrorState, message.mirrorSid, message.createdAt, message.purpose ?? 'service',
        message.details ? JSON.stringify(message.details) : null],
    )).length === 1;
  }

  /**
   * A customer's message and what it changes in its conversation, in one round trip: the hot path of every webhook.
   *
   * @param wantsAnswer false for STOP, START and HELP: they make no turn, so they must not outdate one either, and they are
   *   said to a sender, not to us, so the answer to the last question goes where that was asked
   * @returns false when the record has the message already
   */
  async insertInbound(tx: Tx, message: NewMessage, at: Date, wantsAnswer: boolean): Promise<boolean> {
    return (await tx.count(
      `with fresh as (
         insert into messages (id, tenant_id, conversation_sid, seq, direction, author_kind, author, channel, address, sender, body,
           media, status, provider_sid, mirror_state, created_at, details)
         values ($1, $2, $3, $4, 'inbound', 'contact', $5, $6, $7, $8, $9, $10, 'received', $11, 'pending', $12, $15)
         on conflict do nothing returning conversation_sid)
       update conversations c set last_seq = $4, last_inbound_seq = case when $14 then $4 else c.last_inbound_seq end,
         last_activity_at = $13, reply_channel = case when $14 or c.reply_channel is null then $6 else c.reply_channel end,
         reply_address = case when $14 or c.reply_channel is null then $7 else c.reply_address end,
         reply_sender = case when $14 or c.reply_channel is null then $8 else c.reply_sender end
       from fresh where c.conversation_sid = fresh.conversation_sid`,
      [message.id, message.tenantId, message.conversationSid, message.seq, message.author, message.channel, message.address, message.sender,
        message.body, JSON.stringify(message.media), message.providerSid, message.createdAt, at, wantsAnswer,
        message.details ? JSON.stringify(message.details) : null],
    )) === 1;
  }

  async ofProviderSid(tx: Tx, providerSid: string): Promise<Message | null> {
    const [row] = await tx.rows<Message>(`select ${COLUMNS} from messages where tenant_id = $1 and provider_sid = $2`, [tx.tenantId, providerSid]);
    return row ?? null;
  }

  async knownProviderSids(tx: Tx, sids: string[]): Promise<Set<string>> {
    const rows = await tx.rows<{ providerSid: string }>(
      'select provider_sid from messages where tenant_id = $1 and provider_sid = any($2)', [tx.tenantId, sids],
    );
    return new Set(rows.map((row) => row.providerSid));
  }

  async ofTurn(tx: Tx, turnId: string): Promise<Message | null> {
    const [row] = await tx.rows<Message>(`select ${COLUMNS} from messages where tenant_id = $1 and turn_id = $2`, [tx.tenantId, turnId]);
    return row ?? null;
  }

  async find(tx: Tx, id: string): Promise<Message | null> {
    const [row] = await tx.rows<Message>(`select ${COLUMNS} from messages where id = $1`, [id]);
    return row ?? null;
  }

  async at(tx: Tx, conversationSid: string, seq: number): Promise<Message | null> {
    const [row] = await tx.rows<Message>(`select ${COLUMNS} from messages where conversation_sid = $1 and seq = $2`, [conversationSid, seq]);
    return row ?? null;
  }

  /** The newest `limit` messages, oldest first. */
  async latest(tx: Tx, conversationSid: string, limit: number, beforeSeq: number | null): Promise<Message[]> {
    const rows = await tx.rows<Message>(
      `select ${COLUMNS} from messages where conversation_sid = $1 and ($3::int is null or seq < $3) order by seq desc limit $2`,
      [conversationSid, limit, beforeSeq],
    );
    return rows.reverse();
  }

  /**
   * What was said to and from one address in this conversation, oldest first; of ours what has gone out there. The first `limit` after `afterSeq`,
   * or the last ones before `beforeSeq`.
   */
  async atAddress(
    tx: Tx, conversationSid: string, at: { channel: string; address: string }, page: { afterSeq: number; beforeSeq: number; limit: number; newest: boolean },
  ): Promise<Message[]> {
    const rows = await tx.rows<Message>(
      `select ${COLUMNS} from messages where conversation_sid = $1 and channel = $2 and address = $3 and seq > $4 and seq < $5
       and (direction = 'inbound' or (direction = 'outbound' and status in ('sent', 'delivered', 'read') and coalesce(via->>'channel', $2) = $2))
       order by seq ${page.newest ? 'desc' : ''} limit $6`,
      [conversationSid, at.channel, at.address, page.afterSeq, page.beforeSeq, page.limit],
    );
    return page.newest ? rows.reverse() : rows;
  }

  /** The seq of the oldest message to this address that may still go out; null when there is none. */
  async firstUnderWay(tx: Tx, conversationSid: string, at: { channel: string; address: string }): Promise<number | null> {
    const [row] = await tx.rows<{ seq: number | null }>(
      `select min(seq) as seq from messages where conversation_sid = $1 and channel = $2 and address = $3 and direction = 'outbound'
       and status in ('pending', 'sending', 'retry_wait')`,
      [conversationSid, at.channel, at.address],
    );
    return row?.seq ?? null;
  }

  async between(tx: Tx, conversationSid: string, afterSeq: number, upToSeq: number, limit: number): Promise<Message[]> {
    return tx.rows<Message>(
      `select ${COLUMNS} from messages where conversation_sid = $1 and seq > $2 and seq <= $3 order by seq limit $4`,
      [conversationSid, afterSeq, upToSeq, limit],
    );
  }

  /** Our newest message to the customer. */
  async lastSaid(tx: Tx, conversationSid: string): Promise<Message | null> {
    const [row] = await tx.rows<Message>(`select ${COLUMNS} from messages where conversation_sid = $1 and direction = 'outbound' order by seq desc limit 1`, [conversationSid]);
    return row ?? null;
  }

  /** When a colleague last wrote to the customer. */
  async lastStaffAt(tx: Tx, conversationSid: string): Promise<Date | null> {
    const [row] = await tx.rows<{ createdAt: Date }>(
      `select created_at from messages where conversation_sid = $1 and author_kind = 'staff' and direction = 'outbound'
       order by seq desc limit 1`,
      [conversationSid],
    );
    return row?.createdAt ?? null;
  }

  /** The newest message of the customer's under one of these identities. */
  async lastInboundFrom(tx: Tx, conversationSid: string, identities: string[]): Promise<Message | null> {
    const [row] = await tx.rows<Message>(
      `select ${COLUMNS} from messages where conversation_sid = $1 and direction = 'inbound' and author = any($2) order by seq desc limit 1`,
      [conversationSid, identities],
    );
    return row ?? null;
  }

  /** Whether the customer has had the last word. */
  async isUnanswered(tx: Tx, conversationSid: string): Promise<boolean> {
    const [row] = await tx.rows<{ direction: string }>(
      `select direction from messages where conversation_sid = $1 and direction <> 'internal' order by seq desc limit 1`, [conversationSid],
    );
    return row?.direction === 'inbound';
  }

  /** By the time of each; what came at the same instant in the order of its thread. `after` is a message of an earlier page. */
  async ofPerson(tx: Tx, conversationSids: string[], after: string | null, limit: number): Promise<Message[]> {
    return tx.rows<Message>(
      `select ${COLUMNS} from messages where conversation_sid = any($1) and ($2::uuid is null
         or (created_at, conversation_sid, seq) > (select created_at, conversation_sid, seq from messages where id = $2))
       order by created_at, conversation_sid, seq limit $3`,
      [conversationSids, after, limit],
    );
  }

  async lastInboundAt(tx: Tx, conversationSid: string): Promise<Date | null> {
    const [row] = await tx.rows<{ createdAt: Date }>(
      `select created_at from messages where conversation_sid = $1 and direction = 'inbound' order by seq desc limit 1`, [conversationSid],
    );
    return row?.createdAt ?? null;
  }

  /** From which addresses the customer has written, to which sender of ours they did so last, and when. */
  async lastWrote(tx: Tx, conversationSids: string[]): Promise<LastWrote[]> {
    return tx.rows<LastWrote>(
      `select channel, address, sender, at from (
         select distinct on (channel, address) channel, address, sender, created_at as at, seq from messages
         where conversation_sid = any($1) and direction = 'inbound' and address is not null
         order by channel, address, created_at desc, seq desc) as last
       order by at desc, seq desc`,
      [conversationSids],
    );
  }

  lock(tx: Tx, id: string): void {
    tx.write('select 1 from messages where id = $1 for update', [id]);
  }

  setStatus(tx: Tx, id: string, shown: Required<Pick<Message, 'status' | 'errorCode' | 'statusCause'>>): void {
    tx.write(
      'update messages set status = $2, error_code = $3, status_cause = $4 where id = $1', [id, shown.status, shown.errorCode, shown.statusCause],
    );
  }

  setVia(tx: Tx, id: string, via: MessageVia | null): void {
    tx.write('update messages set via = $2 where id = $1', [id, via && JSON.stringify(via)]);
  }

  /** The staff member who has written to the customer after `seq`. */
  async staffAfter(tx: Tx, conversationSid: string, seq: number): Promise<string | null> {
    const [row] = await tx.rows<{ author: string }>(
      `select author from messages where conversation_sid = $1 and seq > $2 and direction = 'outbound' and author_kind = 'staff'
       order by seq limit 1`,
      [conversationSid, seq],
    );
    return row?.author ?? null;
  }

  /** Those with something attached, in the order in which whoever locks several of them does so. */
  async lockAttached(tx: Tx, conversationSid: string): Promise<Pick<Message, 'id' | 'media'>[]> {
    return tx.rows(`select id, media from messages where conversation_sid = $1 and media <> '[]' order by seq for update`, [conversationSid]);
  }

  /** Blanks what was said, where from and why; the provider's ids stay, so that nothing of it is ever taken in again. */
  async erase(tx: Tx, conversationSid: string): Promise<number> {
    return tx.count(
      `update messages set body = '', media = '[]', details = null, via = null, address = null, status_cause = null,
       author = case when author_kind = 'contact' then 'erased' else author end,
       status = case when status in ('pending', 'retry_wait') then 'suppressed' else status end,
       mirror_state = case when mirror_state in ('pending', 'posting', 'mirrored') then 'none' else mirror_state end
       where conversation_sid = $1 and (body <> '' or media <> '[]' or details is not null or via is not null or address is not null or status_cause is not null
         or (author_kind = 'contact' and author <> 'erased') or mirror_state in ('pending', 'posting', 'mirrored'))`,
      [conversationSid],
    );
  }

  /** The oldest messages of some conversation whose time is over: settled, in one run, up to `limit`. Empty when there are none. */
  async oldest(tx: Tx, before: Date, limit: number): Promise<Message[]> {
    const over = `created_at < $2 and status not in ('pending', 'sending', 'retry_wait') and mirror_state not in ('pending', 'posting')`;
    return tx.rows<Message>(
      `with due as (
         select c.conversation_sid as sid, c.purged_seq from conversations c, lateral (
           select messages.${over} as over from messages where messages.conversation_sid = c.conversation_sid and seq > c.purged_seq order by seq limit 1) as first
         where c.tenant_id = $1 and c.erased_at is null and c.created_at < $2 and c.last_seq > c.purged_seq and first.over limit 1)
       select ${COLUMNS} from messages, due where conversation_sid = due.sid and seq > due.purged_seq
       and seq < coalesce((select min(seq) from messages where conversation_sid = due.sid and seq > due.purged_seq and not (${over})), 2147483647)
       order by seq limit $3`,
      [tx.tenantId, before, limit],
    );
  }

  /** Their words go, their places stay. */
  async purge(tx: Tx, ids: string[]): Promise<number> {
    return tx.count(
      `update messages set body = '', media = '[]', details = null, via = null, status_cause = null, mirror_state = case when mirror_state = 'mirrored' then 'none' else mirror_state end
       where id = any($1::uuid[])`,
      [ids],
    );
  }

  /** Messages that have half of the words of one of these statements, or more, in whatever form the language gives them. */
  async idsSaying(tx: Tx, conversationSid: string, statements: string[], language: string): Promise<string[]> {
    const rows = await tx.rows<{ id: string }>(
      `select m.id from messages m, lateral (select tsvector_to_array(to_tsvector($3::text::regconfig, m.body)) as words) as body
       where m.conversation_sid = $1 and exists (
         select 1 from unnest($2::text[]) as s, lateral (select tsvector_to_array(to_tsvector($3::text::regconfig, s)) as words) as said
         where cardinality(said.words) > 0
         and 2 * (select count(*) from unnest(said.words) as word where word = any(body.words)) >= cardinality(said.words))`,
      [conversationSid, statements, language],
    );
    return rows.map((row) => row.id);
  }

  /** Messages to the same address, said shortly before and not settled yet. The index on (conversation_sid, seq) bounds the look. */
  async underWayBefore(tx: Tx, message: Message): Promise<Message[]> {
    return tx.rows<Message>(
      `select ${COLUMNS} from messages where conversation_sid = $1 and seq between $2::int - ${LOOK_BACK} and $2::int - 1
       and direction = 'outbound' and channel = $3 and address = $4 and status in ('pending', 'sending', 'retry_wait') order by seq`,
      [message.conversationSid, message.seq, message.channel, message.address],
    );
  }

  /**
   * The oldest message that the mirror still owes the Conversation, marked as being posted; none while that one is still being said
   * on the phone. `tried` when it was marked before.
   */
  async claimUnmirrored(tx: Tx, conversationSid: string): Promise<(Message & { tried: boolean }) | null> {
    const [row] = await tx.rows<Message & { tried: boolean }>(
      `with next as (
         select id as next_id, mirror_state = 'posting' as tried, status = 'sending' and details->'call' is not null as unsaid from messages
         where conversation_sid = $1 and mirror_state in ('pending', 'posting') order by seq limit 1)
       update messages set mirror_state = 'posting' from next where id = next_id and not unsaid returning ${COLUMNS}, tried`,
      [conversationSid],
    );
    return row ?? null;
  }

  setMirror(tx: Tx, id: string, state: Message['mirrorState'], mirrorSid: string | null): void {
    tx.write('update messages set mirror_state = $2, mirror_sid = coalesce($3, mirror_sid) where id = $1', [id, state, mirrorSid]);
  }

  async knownMirrorSids(tx: Tx, conversationSid: string, sids: string[]): Promise<Set<string>> {
    const rows = await tx.rows<{ mirrorSid: string }>(
      'select mirror_sid from messages where conversation_sid = $1 and mirror_sid = any($2)', [conversationSid, sids],
    );
    return new Set(rows.map((row) => row.mirrorSid));
  }
}
