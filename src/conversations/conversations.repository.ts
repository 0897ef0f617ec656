import type { Tx } from '@throughline/database/database.js';
import type { Conversation, Message, Owner, Participant } from './conversations.types.js';

/** Stretches of unanswered messages that are looked at. */
const MOST_OPEN = 20;

const COLUMNS = `conversation_sid, tenant_id, contact_id, owner, owner_since, epoch, staff, last_seq, last_inbound_seq,
  returned_seq, last_activity_at, reply_channel, reply_address, reply_sender, merged_into, created_at`;

/** SQL of `conversations`. One whose contact was erased is not found any more. */
export class ConversationsRepository {
  async find(tx: Tx, conversationSid: string): Promise<Conversation | null> {
    const [row] = await tx.rows<Conversation>(`select ${COLUMNS} from conversations where conversation_sid = $1 and erased_at is null`, [conversationSid]);
    return row ?? null;
  }

  async among(tx: Tx, conversationSids: string[]): Promise<Conversation[]> {
    return tx.rows<Conversation>(`select ${COLUMNS} from conversations where conversation_sid = any($1) and erased_at is null`, [conversationSids]);
  }

  /** With the row locked: whoever writes into a conversation does so one after the other. */
  async lock(tx: Tx, conversationSid: string): Promise<Conversation | null> {
    const [row] = await tx.rows<Conversation>(
      `select ${COLUMNS} from conversations where conversation_sid = $1 and erased_at is null for update`, [conversationSid],
    );
    return row ?? null;
  }

  async lockOfContact(tx: Tx, contactId: string): Promise<Conversation | null> {
    const [row] = await tx.rows<Conversation>(
      `select ${COLUMNS} from conversations where tenant_id = $1 and contact_id = $2 and erased_at is null for update`, [tx.tenantId, contactId],
    );
    return row ?? null;
  }

  async sidOf(tx: Tx, contactId: string): Promise<string | null> {
    const [row] = await tx.rows<{ conversationSid: string }>(
      'select conversation_sid from conversations where tenant_id = $1 and contact_id = $2', [tx.tenantId, contactId],
    );
    return row?.conversationSid ?? null;
  }

  async sidsOf(tx: Tx, contactIds: string[]): Promise<string[]> {
    const rows = await tx.rows<{ conversationSid: string }>(
      'select conversation_sid from conversations where tenant_id = $1 and contact_id = any($2::uuid[]) order by 1', [tx.tenantId, contactIds],
    );
    return rows.map((row) => row.conversationSid);
  }

  setMerged(tx: Tx, conversationSid: string, intoContactId: string | null): void {
    tx.write('update conversations set merged_into = $2 where conversation_sid = $1', [conversationSid, intoContactId]);
  }

  setReply(tx: Tx, conversationSid: string, to: Pick<Message, 'channel' | 'address' | 'sender'> | null): void {
    tx.write(
      'update conversations set reply_channel = $2, reply_address = $3, reply_sender = $4 where conversation_sid = $1',
      [conversationSid, to?.channel ?? null, to?.address ?? null, to?.sender ?? null],
    );
  }

  /** @returns false when the contact has its conversation already */
  async insert(tx: Tx, conversationSid: string, contactId: string, at: Date): Promise<boolean> {
    tx.write(
      'insert into conversation_tenants (conversation_sid, tenant_id) values ($1, $2) on conflict do nothing', [conversationSid, tx.tenantId],
    );
    return (await tx.rows(
      `insert into conversations (conversation_sid, tenant_id, contact_id, owner, owner_since, last_activity_at, created_at)
       values ($1, $2, $3, 'assistant', $4, $4, $4) on conflict do nothing returning 1`,
      [conversationSid, tx.tenantId, contactId, at],
    )).length === 1;
  }

  /** Whose Conversation this is. Asked in the system scope, before the tenant is known. */
  async tenantOf(tx: Tx, conversationSid: string): Promise<string | null> {
    const [row] = await tx.rows<{ tenantId: string }>('select tenant_id from conversation_tenants where conversation_sid = $1', [conversationSid]);
    return row?.tenantId ?? null;
  }

  noteSpoken(tx: Tx, conversationSid: string, seq: number, at: Date): void {
    tx.write('update conversations set last_seq = $2, last_activity_at = $3 where conversation_sid = $1', [conversationSid, seq, at]);
  }

  /** @returns false when somebody else changed the owner first */
  async changeOwner(
    tx: Tx, conversation: Conversation, change: { owner: Owner; staff: string | null; at: Date },
  ): Promise<boolean> {
    return (await tx.count(
      `update conversations set owner = $4, staff = $5, owner_since = $6, epoch = epoch + 1
       where conversation_sid = $1 and owner = $2 and epoch = $3`,
      [conversation.conversationSid, conversation.owner, conversation.epoch, change.owner, change.staff, change.at],
    )) === 1;
  }

  /** The question that is open now has come back from the queue. */
  async noteReturned(tx: Tx, conversationSid: string): Promise<void> {
    await tx.count('update conversations set returned_seq = last_inbound_seq where conversation_sid = $1', [conversationSid]);
  }

  /**
   * The customer's messages that nobody has answered, as far as they have words: the first of each stretch that comes from one address by one way.
   *
   * @param but what this turn has said is no answer
   * @param beforeSeq only those before it
   */
  async openOf(tx: Tx, conversationSid: string, but: string | null, beforeSeq: number): Promise<number[]> {
    const rows = await tx.rows<{ seq: number }>(
      `select seq from (
         select seq, body, channel || coalesce(address, '') || (body = '') as way, lag(channel || coalesce(address, '') || (body = '')) over (order by seq) as way_before
         from messages where conversation_sid = $1 and direction = 'inbound' and author_kind = 'contact' and seq < $3 and seq > coalesce((
           select seq from messages where conversation_sid = $1 and direction = 'outbound' and author_kind in ('assistant', 'staff') and turn_id is distinct from $2::uuid
             and (author_kind = 'assistant' or status not in ('failed', 'undelivered')) order by seq desc limit 1), 0)
       ) as unanswered where body <> '' and way is distinct from way_before order by seq limit $4`,
      [conversationSid, but, beforeSeq, MOST_OPEN],
    );
    return rows.map(({ seq }) => seq);
  }

  notePurged(tx: Tx, conversationSid: string, seq: number): void {
    tx.write('update conversations set purged_seq = greatest(purged_seq, $2) where conversation_sid = $1', [conversationSid, seq]);
  }

  /** Contacts in whose conversation nobody has said a word since, nor in one that was merged into it. */
  async contactsIdleSince(tx: Tx, since: Date, limit: number): Promise<string[]> {
    return (await tx.rows<{ contactId: string }>(
      `select contact_id from conversations c where tenant_id = $1 and erased_at is null and merged_into is null and last_activity_at < $2
       and not exists (select 1 from conversations m where m.tenant_id = $1 and m.merged_into = c.contact_id and m.last_activity_at >= $2)
       order by last_activity_at limit $3`,
      [tx.tenantId, since, limit],
    )).map((row) => row.contactId);
  }

  /** Whatever still speaks in it is refused from here on. @returns false when that was so before */
  async erase(tx: Tx, conversationSid: string, at: Date): Promise<boolean> {
    return (await tx.count(
      `update conversations set owner = 'closed', epoch = epoch + 1, owner_since = $2, reply_channel = null, reply_address = null, reply_sender = null,
       erased_at = $2 where conversation_sid = $1 and erased_at is null`,
      [conversationSid, at],
    )) === 1;
  }

  /**
   * Takes the conversations that are to be compared with Twilio's now: those with a word since `since`, those that
   * people own or are awaited in, and of the others the ones that were looked at longest ago.
   */
  async takeToCompare(tx: Tx, request: { since: Date; limit: number; now: Date }): Promise<string[]> {
    return (await tx.rows<{ conversationSid: string }>(
      `update conversations set compared_at = $4 where conversation_sid in (
         (select conversation_sid from conversations where tenant_id = $1 and erased_at is null and last_activity_at > $2 order by last_activity_at desc limit $3)
         union
         (select conversation_sid from conversations where tenant_id = $1 and owner in ('queued', 'staff', 'specialist')
          order by compared_at nulls first limit $3)
         union
         (select conversation_sid from conversations where tenant_id = $1 and erased_at is null order by compared_at nulls first limit $3)
       ) returning conversation_sid`,
      [tx.tenantId, request.since, request.limit, request.now],
    )).map((row) => row.conversationSid);
  }

  async list(
    tx: Tx, filter: { owner: Owner | null; contactIds: string[] | null; after: { at: Date; id: string } | null; limit: number },
  ): Promise<Conversation[]> {
    return tx.rows<Conversation>(
      `select ${COLUMNS} from conversations
       where tenant_id = $1 and erased_at is null and ($2::text is null or owner = $2) and ($3::uuid[] is null or contact_id = any($3))
       and ($4::timestamptz is null or (created_at, conversation_sid) > ($4, $5::text))
       order by created_at, conversation_sid limit $6`,
      [tx.tenantId, filter.owner, filter.contactIds, filter.after?.at ?? null, filter.after?.id ?? null, filter.limit],
    );
  }
}

/** SQL of `participants`. */
export class ParticipantsRepository {
  add(tx: Tx, participant: Participant, at: Date): void {
    tx.write(
      `insert into participants (tenant_id, conversation_sid, identity, channel, address, created_at)
       values ($1, $2, $3, $4, $5, $6) on conflict do nothing`,
      [tx.tenantId, participant.conversationSid, participant.identity, participant.channel, participant.address, at],
    );
  }

  async find(tx: Tx, conversationSid: string, identity: string): Promise<Participant | null> {
    const [row] = await tx.rows<Participant>(
      `select conversation_sid, identity, channel, address, participant_sid from participants
       where tenant_id = $1 and conversation_sid = $2 and identity = $3`,
      [tx.tenantId, conversationSid, identity],
    );
    return row ?? null;
  }

  async of(tx: Tx, conversationSid: string): Promise<Participant[]> {
    return tx.rows<Participant>(
      `select conversation_sid, identity, channel, address, participant_sid from participants
       where tenant_id = $1 and conversation_sid = $2 order by created_at`,
      [tx.tenantId, conversationSid],
    );
  }

  async erase(tx: Tx, conversationSid: string): Promise<number> {
    return tx.count('delete from participants where tenant_id = $1 and conversation_sid = $2', [tx.tenantId, conversationSid]);
  }

  setSid(tx: Tx, conversationSid: string, identity: string, participantSid: string): void {
    tx.write(
      'update participants set participant_sid = $4 where tenant_id = $1 and conversation_sid = $2 and identity = $3',
      [tx.tenantId, conversationSid, identity, participantSid],
    );
  }
}
