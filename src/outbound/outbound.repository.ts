import type { Tx } from '@throughline/database/database.js';
import { UNDER_WAY } from './outbound.policy.js';
import type { OutboundCall, OutboundState } from './outbound.types.js';

const COLUMNS = `id, tenant_id, contact_id, conversation_sid, address, sender, purpose, background, kind, when_machine, message, requested_by, asked_at, again_times,
  again_after_minutes, opening, ring_seconds, state, cause, error_code, answered_by, tries, try_id, call_sid, is_over, next_at, waits_for_others, latest, limit_at, created_at, updated_at`;

export interface Filter {
  state: OutboundState | null;
  conversationSid: string | null;
  after: { at: Date; id: string } | null;
  limit: number;
}

/** SQL of `outbound_calls`. */
export class OutboundRepository {
  /** @returns false when there is one with this id */
  async insert(tx: Tx, call: OutboundCall): Promise<boolean> {
    return (await tx.count(
      `insert into outbound_calls (${COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26,
       $27, $28, $29, $30, $31) on conflict (id) do nothing`,
      [call.id, tx.tenantId, call.contactId, call.conversationSid, call.address, call.sender, call.purpose, call.background, call.kind, call.whenMachine, call.message,
        call.requestedBy, call.askedAt, call.againTimes, call.againAfterMinutes, call.opening, call.ringSeconds, call.state, call.cause, call.errorCode, call.answeredBy, call.tries, call.tryId, call.callSid,
        call.isOver, call.nextAt, call.waitsForOthers, call.latest, call.limitAt, call.createdAt, call.updatedAt],
    )) === 1;
  }

  async find(tx: Tx, id: string): Promise<OutboundCall | null> {
    const [row] = await tx.rows<OutboundCall>(`select ${COLUMNS} from outbound_calls where tenant_id = $1 and id = $2`, [tx.tenantId, id]);
    return row ?? null;
  }

  async lock(tx: Tx, id: string): Promise<OutboundCall | null> {
    const [row] = await tx.rows<OutboundCall>(`select ${COLUMNS} from outbound_calls where tenant_id = $1 and id = $2 for update`, [tx.tenantId, id]);
    return row ?? null;
  }

  /** The call that has this try as its present one, or has had it. */
  async lockTry(tx: Tx, tryId: string): Promise<OutboundCall | null> {
    const [row] = await tx.rows<OutboundCall>(`select ${COLUMNS} from outbound_calls where tenant_id = $1 and try_id = $2 for update`, [tx.tenantId, tryId]);
    return row ?? null;
  }

  /** @returns false when somebody else was faster */
  async save(tx: Tx, from: OutboundState, call: OutboundCall): Promise<boolean> {
    return (await tx.count(
      `update outbound_calls set contact_id = $3, conversation_sid = $4, state = $5, cause = $6, error_code = $7, answered_by = $8, tries = $9, try_id = $10, call_sid = $11,
       is_over = $12, next_at = $13, waits_for_others = $14, limit_at = $15, updated_at = $16 where id = $1 and state = $2`,
      [call.id, from, call.contactId, call.conversationSid, call.state, call.cause, call.errorCode, call.answeredBy, call.tries, call.tryId, call.callSid, call.isOver, call.nextAt,
        call.waitsForOthers, call.limitAt, call.updatedAt],
    )) === 1;
  }

  /** One at a time decides which call of the tenant is begun, until its transaction ends. */
  async holdTurn(tx: Tx): Promise<void> {
    await tx.rows('select pg_advisory_xact_lock(hashtextextended($1, 0))', [`outbound/${tx.tenantId}`]);
  }

  /** How many of the tenant's calls are under way, and whether one of them is to this number. */
  async underWay(tx: Tx, address: string): Promise<{ count: number; isCalled: boolean }> {
    const [row] = await tx.rows<{ count: number; isCalled: boolean }>(
      'select count(*)::int as count, coalesce(bool_or(address = $2), false) as is_called from outbound_calls where tenant_id = $1 and state = any($3)',
      [tx.tenantId, address, UNDER_WAY],
    );
    return row!;
  }

  /** The one that has waited the longest for another one to end, so that it is looked at now. */
  async wakeNext(tx: Tx, now: Date): Promise<string | null> {
    const [row] = await tx.rows<{ id: string }>(
      `update outbound_calls set next_at = $2, waits_for_others = false where id = (
         select id from outbound_calls where tenant_id = $1 and state = 'waiting' and waits_for_others order by created_at limit 1 for update skip locked) returning id`,
      [tx.tenantId, now],
    );
    return row?.id ?? null;
  }

  /** Nothing is left to be done about it at Twilio. */
  setOver(tx: Tx, id: string): void {
    tx.write('update outbound_calls set is_over = true where id = $1', [id]);
  }

  async list(tx: Tx, { state, conversationSid, after, limit }: Filter): Promise<OutboundCall[]> {
    return tx.rows<OutboundCall>(
      `select ${COLUMNS} from outbound_calls where tenant_id = $1 and ($2::text is null or state = $2) and ($3::text is null or conversation_sid = $3)
       and ($4::timestamptz is null or (created_at, id) > ($4, $5::uuid)) order by created_at, id limit $6`,
      [tx.tenantId, state, conversationSid, after?.at ?? null, after?.id ?? null, limit],
    );
  }

  async ofContacts(tx: Tx, contactIds: string[]): Promise<OutboundCall[]> {
    return tx.rows<OutboundCall>(`select ${COLUMNS} from outbound_calls where tenant_id = $1 and contact_id = any($2::uuid[]) order by created_at`, [tx.tenantId, contactIds]);
  }

  /** What calls of before were about. */
  purge(tx: Tx, conversationSid: string, before: Date): void {
    tx.write(
      `update outbound_calls set purpose = '', opening = '', background = null, message = null, cause = null
       where tenant_id = $1 and conversation_sid = $2 and updated_at < $3 and state <> 'waiting' and not state = any($4)`,
      [tx.tenantId, conversationSid, before, UNDER_WAY],
    );
  }

  /** @returns those that had not ended yet */
  async unfinished(tx: Tx, contactIds: string[]): Promise<OutboundCall[]> {
    return tx.rows<OutboundCall>(
      `select ${COLUMNS} from outbound_calls where tenant_id = $1 and contact_id = any($2::uuid[]) and (state = 'waiting' or state = any($3)) for update`,
      [tx.tenantId, contactIds, UNDER_WAY],
    );
  }

  async erase(tx: Tx, contactIds: string[]): Promise<number> {
    return tx.count(
      `update outbound_calls set address = '', purpose = '', opening = '', background = null, message = null, cause = null where tenant_id = $1 and contact_id = any($2::uuid[]) and address <> ''`,
      [tx.tenantId, contactIds],
    );
  }
}
