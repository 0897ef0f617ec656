import type { Tx } from '@throughline/database/database.js';
import type { Callback, CallbackState } from './callback.types.js';

const COLUMNS = `id, tenant_id, incident_id, conversation_sid, contact_id, taker, taker_phone, taker_calls, taker_call_sid, press_key, phone, sender, person_call_sid, is_called_back, is_machine,
  is_machine_told, state, cause, epoch, is_taker_over, is_person_over, created_at, changed_at, met_at, lost_call_sids`;

/** SQL of `callbacks` and `callback_tenants`. */
export class CallbacksRepository {
  /** @returns false when it is there, or another one of the incident is under way */
  async insert(tx: Tx, row: Callback): Promise<boolean> {
    const isNew = (await tx.count(
      `insert into callbacks (${COLUMNS}) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25) on conflict do nothing`,
      [row.id, tx.tenantId, row.incidentId, row.conversationSid, row.contactId, row.taker, row.takerPhone, row.takerCalls, row.takerCallSid, row.pressKey, row.phone, row.sender, row.personCallSid,
        row.isCalledBack, row.isMachine, row.isMachineTold, row.state, row.cause, row.epoch, row.isTakerOver, row.isPersonOver, row.createdAt, row.changedAt, row.metAt, row.lostCallSids],
    )) === 1;
    if (isNew) tx.write('insert into callback_tenants (id, tenant_id) values ($1, $2)', [row.id, tx.tenantId]);
    return isNew;
  }

  /** Whose it is. Asked in the system scope. */
  async tenantOf(tx: Tx, id: string): Promise<string | null> {
    const [row] = await tx.rows<{ tenantId: string }>('select tenant_id from callback_tenants where id = $1', [id]);
    return row?.tenantId ?? null;
  }

  find(tx: Tx, id: string): Promise<Callback | null> {
    return this.one(tx, 'tenant_id = $1 and id = $2', [id]);
  }

  lock(tx: Tx, id: string): Promise<Callback | null> {
    return this.one(tx, 'tenant_id = $1 and id = $2 for update', [id]);
  }

  /** The newest one of an incident. */
  latest(tx: Tx, incidentId: string): Promise<Callback | null> {
    return this.one(tx, 'tenant_id = $1 and incident_id = $2 order by created_at desc, id desc limit 1', [incidentId]);
  }

  async countOf(tx: Tx, incidentId: string): Promise<number> {
    const [row] = await tx.rows<{ count: number }>('select count(*)::int as count from callbacks where tenant_id = $1 and incident_id = $2', [tx.tenantId, incidentId]);
    return row!.count;
  }

  /** Whoever saves it holds the row. */
  save(tx: Tx, row: Callback): void {
    tx.write(
      `update callbacks set taker_call_sid = $3, person_call_sid = $4, is_called_back = $5, is_machine = $6, is_machine_told = $7, state = $8, cause = $9, epoch = $10, is_taker_over = $11,
       is_person_over = $12, changed_at = $13, met_at = $14, taker_calls = $15, lost_call_sids = $16 where tenant_id = $1 and id = $2`,
      [tx.tenantId, row.id, row.takerCallSid, row.personCallSid, row.isCalledBack, row.isMachine, row.isMachineTold, row.state, row.cause, row.epoch, row.isTakerOver, row.isPersonOver,
        row.changedAt, row.metAt, row.takerCalls, row.lostCallSids],
    );
  }

  /** For who knows the present epoch. @returns false when it stands otherwise by now, or somebody else has just moved them */
  async claimMove(tx: Tx, { id, epoch }: Pick<Callback, 'id' | 'epoch'>, now: Date, until: Date): Promise<boolean> {
    return (await tx.count(
      'update callbacks set moved_until = $5 where tenant_id = $1 and id = $2 and epoch = $3 and (moved_until is null or moved_until <= $4)', [tx.tenantId, id, epoch, now, until],
    )) === 1;
  }

  /** The one that this call belongs to, and that goes on. */
  ofCall(tx: Tx, callSid: string): Promise<Callback | null> {
    return this.one(tx, `tenant_id = $1 and (taker_call_sid = $2 or person_call_sid = $2) and state not in ('over', 'unanswered', 'taker_gone') limit 1`, [callSid]);
  }

  /** Because of another incident somebody speaks with them, in this call or at this number, or is about to: it is in one of these states. */
  async isTaken(tx: Tx, incidentId: string, { callSid, phone }: { callSid: string | null; phone: string | null }, states: readonly CallbackState[]): Promise<boolean> {
    return (await tx.rows(
      `select 1 from callbacks where tenant_id = $1 and incident_id <> $2 and state = any($5) and (person_call_sid = $3 or ($4 <> '' and phone = $4)) limit 1`, [tx.tenantId, incidentId, callSid, phone ?? '', states],
    )).length > 0;
  }

  /** We have made this call for a callback. */
  async isCallback(tx: Tx, callSid: string): Promise<boolean> {
    return (await tx.rows('select 1 from callbacks where tenant_id = $1 and person_call_sid = $2 and is_called_back limit 1', [tx.tenantId, callSid])).length > 0;
  }

  async ofConversations(tx: Tx, conversationSids: string[]): Promise<(Pick<Callback, 'id' | 'incidentId' | 'taker' | 'phone' | 'createdAt' | 'metAt'> & { state: CallbackState })[]> {
    return tx.rows(
      'select id, incident_id, taker, phone, state, created_at, met_at from callbacks where tenant_id = $1 and conversation_sid = any($2) order by created_at', [tx.tenantId, conversationSids],
    );
  }

  /** At which numbers people were called before then. */
  purge(tx: Tx, conversationSid: string, before: Date): void {
    tx.write(`update callbacks set phone = '', cause = null where tenant_id = $1 and conversation_sid = $2 and created_at < $3 and state in ('over', 'unanswered', 'taker_gone')`, [tx.tenantId, conversationSid, before]);
  }

  async erase(tx: Tx, conversationSids: string[]): Promise<number> {
    return tx.count(`update callbacks set phone = '', cause = null where tenant_id = $1 and conversation_sid = any($2) and (phone <> '' or cause is not null)`, [tx.tenantId, conversationSids]);
  }

  private async one(tx: Tx, where: string, parameters: unknown[]): Promise<Callback | null> {
    const [row] = await tx.rows<Callback>(`select ${COLUMNS} from callbacks where ${where}`, [tx.tenantId, ...parameters]);
    return row ?? null;
  }
}
