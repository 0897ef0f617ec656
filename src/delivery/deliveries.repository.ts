import type { Tx } from '@throughline/database/database.js';
import type { Delivery, DeliveryState, Retired, SentIn } from './delivery.types.js';

const COLUMNS = `id, tenant_id, conversation_sid, message_id, part, parts, channel, sender, messaging_service_sid, address, body, files,
  content_sid, content_variables, detour, ruled_out, fallback_sender, retired, buttons, segments, state, attempt, lease_until, claimed_at, retry_at, held_until, uncertain, provider_sid, retired_sids,
  error_code, error_meaning, sent_at, created_at, updated_at`;

/** The fields that change along the way. */
export type DeliveryChange = Partial<
  Pick<Delivery, 'attempt' | 'leaseUntil' | 'claimedAt' | 'retryAt' | 'heldUntil' | 'uncertain' | 'providerSid' | 'retiredSids' | 'errorCode' | 'errorMeaning' | 'sentAt'
    | 'channel' | 'sender' | 'address' | 'messagingServiceSid' | 'contentSid' | 'contentVariables' | 'detour' | 'ruledOut' | 'fallbackSender' | 'retired' | 'buttons' | 'segments'>
>;

const CHANGEABLE: Record<keyof DeliveryChange, string> = {
  attempt: 'attempt', leaseUntil: 'lease_until', claimedAt: 'claimed_at', retryAt: 'retry_at', heldUntil: 'held_until', uncertain: 'uncertain',
  providerSid: 'provider_sid', retiredSids: 'retired_sids', errorCode: 'error_code', errorMeaning: 'error_meaning', sentAt: 'sent_at',
  channel: 'channel', sender: 'sender', address: 'address', messagingServiceSid: 'messaging_service_sid', contentSid: 'content_sid',
  contentVariables: 'content_variables', detour: 'detour', ruledOut: 'ruled_out', fallbackSender: 'fallback_sender', retired: 'retired', buttons: 'buttons', segments: 'segments',
};

/** An earlier attempt may have gone by another channel than the last one. */
const CHANNEL_OF_SID = `coalesce((select past->>'channel' from jsonb_array_elements(retired) as past where past->>'providerSid' = sid limit 1), channel)`;

const OUTCOME_OPEN = `(state = 'sending' or (state = 'retry_wait' and uncertain))`;

/** SQL of `deliveries`. */
export class DeliveriesRepository {
  insert(tx: Tx, delivery: Delivery): void {
    tx.write(
      `insert into deliveries (id, tenant_id, conversation_sid, message_id, part, parts, channel, sender, messaging_service_sid,
         address, body, segments, state, created_at, updated_at, files)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $14, $15) on conflict (message_id, part) do nothing`,
      [delivery.id, delivery.tenantId, delivery.conversationSid, delivery.messageId, delivery.part, delivery.parts, delivery.channel,
        delivery.sender, delivery.messagingServiceSid, delivery.address, delivery.body, delivery.segments, delivery.state, delivery.createdAt, delivery.files],
    );
  }

  /** The message's parts in order, locked: one worker at a time decides about them. */
  async lockOf(tx: Tx, messageId: string): Promise<Delivery[]> {
    return tx.rows<Delivery>(`select ${COLUMNS} from deliveries where message_id = $1 order by part for update`, [messageId]);
  }

  async lock(tx: Tx, id: string): Promise<Delivery | null> {
    const [row] = await tx.rows<Delivery>(`select ${COLUMNS} from deliveries where id = $1 for update`, [id]);
    return row ?? null;
  }

  async find(tx: Tx, id: string): Promise<Delivery | null> {
    const [row] = await tx.rows<Delivery>(`select ${COLUMNS} from deliveries where id = $1`, [id]);
    return row ?? null;
  }

  async messageOf(tx: Tx, providerSid: string): Promise<string | null> {
    const [row] = await tx.rows<{ messageId: string }>('select message_id from deliveries where tenant_id = $1 and provider_sid = $2', [tx.tenantId, providerSid]);
    return row?.messageId ?? null;
  }

  /** Those of these messages' deliveries that the provider has. */
  async sentOf(tx: Tx, messageIds: readonly string[]): Promise<{ id: string; providerSid: string }[]> {
    return tx.rows('select id, provider_sid from deliveries where message_id = any($1::uuid[]) and provider_sid is not null', [messageIds]);
  }

  /** @returns false when the delivery is not in that state of that attempt any more: somebody was faster */
  async move(tx: Tx, delivery: Delivery, to: DeliveryState, change: DeliveryChange, at: Date): Promise<boolean> {
    const keys = Object.keys(change) as (keyof DeliveryChange)[];
    const sets = keys.map((key, index) => `, ${CHANGEABLE[key]} = $${index + 6}`).join('');
    return (await tx.count(
      `update deliveries set state = $3, updated_at = $4${sets} where id = $1 and state = $2 and attempt = $5`,
      [delivery.id, delivery.state, to, at, delivery.attempt, ...keys.map((key) => (key === 'retired' || key === 'buttons' ? JSON.stringify(change[key]) : change[key]))],
    )) === 1;
  }

  /** As long as it is in that attempt. */
  renew(tx: Tx, { id, attempt }: Delivery, until: Date): void {
    tx.write(`update deliveries set lease_until = $3 where id = $1 and attempt = $2 and state = 'sending'`, [id, attempt, until]);
  }

  setRetired(tx: Tx, id: string, retired: Retired[]): void {
    tx.write('update deliveries set retired = $2 where id = $1', [id, JSON.stringify(retired)]);
  }

  async statesOf(tx: Tx, messageId: string): Promise<Pick<Delivery, 'state' | 'errorCode' | 'errorMeaning'>[]> {
    return tx.rows('select state, error_code, error_meaning from deliveries where message_id = $1 order by part', [messageId]);
  }

  /** Of these sids, those of other deliveries and those of this delivery's earlier attempts that are over. */
  async knownSids(tx: Tx, sids: string[], delivery: Delivery): Promise<Set<string>> {
    const rows = await tx.rows<{ sid: string }>(
      `select provider_sid as sid from deliveries where tenant_id = $1 and provider_sid = any($2) and id <> $3
       union
       select unnest(retired_sids) as sid from deliveries where tenant_id = $1 and conversation_sid = $4 and retired_sids <> '{}'`,
      [tx.tenantId, sids, delivery.id, delivery.conversationSid],
    );
    return new Set(rows.map((row) => row.sid));
  }

  /** The parts of these messages that are not settled yet. */
  async underWay(tx: Tx, messageIds: string[]): Promise<Delivery[]> {
    return tx.rows<Delivery>(
      `select ${COLUMNS} from deliveries where message_id = any($1::uuid[]) and state in ('pending', 'sending', 'retry_wait')`, [messageIds],
    );
  }

  /** The provider's ids of all attempts. */
  async providerSids(tx: Tx, of: SentIn): Promise<{ channel: string; sid: string }[]> {
    const [whose, value] = 'messageIds' in of ? ['message_id = any($2::uuid[])', of.messageIds] : ['conversation_sid = $2', of.conversationSid];
    return tx.rows(
      `select distinct ${CHANNEL_OF_SID} as channel, sid from deliveries, unnest(retired_sids || provider_sid) as sid
       where tenant_id = $1 and ${whose} and sid is not null`,
      [tx.tenantId, value],
    );
  }

  purge(tx: Tx, messageIds: string[]): void {
    tx.write(`update deliveries set body = '', content_variables = null, detour = null, error_meaning = null, ruled_out = '{}', retired = '[]', buttons = null where message_id = any($1::uuid[])`, [messageIds]);
  }

  /** Those that may be on their way to the provider now: their words are needed to find out. */
  async outcomeOpen(tx: Tx, conversationSid: string): Promise<number> {
    return (await tx.rows(`select 1 from deliveries where tenant_id = $1 and conversation_sid = $2 and ${OUTCOME_OPEN}`, [tx.tenantId, conversationSid])).length;
  }

  /** All others: what has not gone out does not any more, and of none the words, the address or a reason that may quote them stay. */
  async erase(tx: Tx, conversationSid: string, at: Date): Promise<number> {
    return tx.count(
      `update deliveries set body = '', address = '', content_variables = null, detour = null, error_meaning = null, ruled_out = '{}', retired = '[]', buttons = null, updated_at = $3,
       state = case when state in ('pending', 'retry_wait') then 'suppressed' else state end
       where tenant_id = $1 and conversation_sid = $2 and not ${OUTCOME_OPEN}
       and (body <> '' or address <> '' or content_variables is not null or detour is not null or error_meaning is not null
         or ruled_out <> '{}' or retired <> '[]' or buttons is not null or state in ('pending', 'retry_wait'))`,
      [tx.tenantId, conversationSid, at],
    );
  }

  async list(
    tx: Tx, filter: { conversationSid: string | null; state: string | null; after: { at: Date; id: string } | null; limit: number },
  ): Promise<Delivery[]> {
    return tx.rows<Delivery>(
      `select ${COLUMNS} from deliveries
       where tenant_id = $1 and ($2::text is null or conversation_sid = $2) and ($3::text is null or state = $3)
       and ($4::timestamptz is null or (created_at, id) > ($4, $5::uuid)) order by created_at, id limit $6`,
      [tx.tenantId, filter.conversationSid, filter.state, filter.after?.at ?? null, filter.after?.id ?? null, filter.limit],
    );
  }
}
