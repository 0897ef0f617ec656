import type { Tx } from '@throughline/database/database.js';
import type { Attempt, Transfer } from './transfer.types.js';

const COLUMNS = `id, tenant_id, call_sid, conversation_sid, contact_id, reason, style, mode, ring_seconds, state, outcome, is_held, epoch, moved_until, is_told,
  hold_until, created_at`;
const ATTEMPT_COLUMNS = 'id, tenant_id, transfer_id, position, name, phone, state, call_sid, is_over';
const UNDER_WAY = `state not in ('returned', 'caller_left')`;

export type NewTransfer = Omit<Transfer, 'tenantId' | 'state' | 'outcome' | 'isHeld' | 'epoch' | 'movedUntil' | 'isTold'>;

/** SQL of `transfers`, `transfer_attempts` and `transfer_tenants`. */
export class TransfersRepository {
  /** @returns false when the caller is on the way to a specialist already */
  async insert(tx: Tx, transfer: NewTransfer, attempts: readonly Pick<Attempt, 'id' | 'name' | 'phone'>[]): Promise<boolean> {
    const { id, callSid, conversationSid, contactId, reason, style, mode, ringSeconds, holdUntil, createdAt } = transfer;
    const isNew = (await tx.count(
      `insert into transfers (id, tenant_id, call_sid, conversation_sid, contact_id, reason, style, mode, ring_seconds, state, hold_until, created_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'requested', $10, $11) on conflict (call_sid) where ${UNDER_WAY} do nothing`,
      [id, tx.tenantId, callSid, conversationSid, contactId, reason, style, mode, ringSeconds, holdUntil, createdAt],
    )) === 1;
    if (!isNew) return false;
    for (const [position, attempt] of attempts.entries()) {
      tx.write(
        `insert into transfer_attempts (id, tenant_id, transfer_id, position, name, phone, state) values ($1, $2, $3, $4, $5, $6, 'waiting')`,
        [attempt.id, tx.tenantId, id, position, attempt.name, attempt.phone],
      );
    }
    tx.write(
      'insert into transfer_tenants (id, tenant_id) select unnest($1::uuid[]), $2', [[id, ...attempts.map((attempt) => attempt.id)], tx.tenantId],
    );
    return true;
  }

  /** Whose transfer or attempt it is. Asked in the system scope. */
  async tenantOf(tx: Tx, id: string): Promise<string | null> {
    const [row] = await tx.rows<{ tenantId: string }>('select tenant_id from transfer_tenants where id = $1', [id]);
    return row?.tenantId ?? null;
  }

  async find(tx: Tx, id: string): Promise<Transfer | null> {
    const [row] = await tx.rows<Transfer>(`select ${COLUMNS} from transfers where tenant_id = $1 and id = $2`, [tx.tenantId, id]);
    return row ?? null;
  }

  async lock(tx: Tx, id: string): Promise<Transfer | null> {
    const [row] = await tx.rows<Transfer>(`select ${COLUMNS} from transfers where tenant_id = $1 and id = $2 for update`, [tx.tenantId, id]);
    return row ?? null;
  }

  /** The newest transfer of a call, whether it is over or not. */
  async ofCall(tx: Tx, callSid: string): Promise<Transfer | null> {
    const [row] = await tx.rows<Transfer>(
      `select ${COLUMNS} from transfers where tenant_id = $1 and call_sid = $2 order by created_at desc limit 1`, [tx.tenantId, callSid],
    );
    return row ?? null;
  }

  async attempts(tx: Tx, transferId: string): Promise<Attempt[]> {
    return tx.rows<Attempt>(
      `select ${ATTEMPT_COLUMNS} from transfer_attempts where tenant_id = $1 and transfer_id = $2 order by position`, [tx.tenantId, transferId],
    );
  }

  async attempt(tx: Tx, id: string): Promise<Attempt | null> {
    const [row] = await tx.rows<Attempt>(`select ${ATTEMPT_COLUMNS} from transfer_attempts where tenant_id = $1 and id = $2`, [tx.tenantId, id]);
    return row ?? null;
  }

  /** @returns false when somebody else was faster */
  async move(tx: Tx, from: Transfer, to: Pick<Transfer, 'state' | 'outcome' | 'isHeld' | 'epoch'>): Promise<boolean> {
    return (await tx.count(
      `update transfers set state = $3, outcome = $4, is_held = $5, epoch = $6, moved_until = case when state = $3 then moved_until end
       where id = $1 and state = $2`,
      [from.id, from.state, to.state, to.outcome, to.isHeld, to.epoch],
    )) === 1;
  }

  /** Nothing is left to be done about who was never called. */
  async moveAttempt(tx: Tx, { id, state }: Attempt, to: string): Promise<void> {
    await tx.count(`update transfer_attempts set state = $3, is_over = is_over or (state = 'waiting' and $3 = 'cancelled') where id = $1 and state = $2`, [id, state, to]);
  }

  noteCall(tx: Tx, id: string, callSid: string): void {
    tx.write('update transfer_attempts set call_sid = $2, is_over = false where id = $1', [id, callSid]);
  }

  noteOver(tx: Tx, id: string): void {
    tx.write('update transfer_attempts set is_over = true where id = $1', [id]);
  }

  /** For who knows the present epoch. @returns false when it stands otherwise by now, or somebody else has just moved the caller */
  async claimMove(tx: Tx, { id, epoch }: Pick<Transfer, 'id' | 'epoch'>, now: Date, until: Date): Promise<boolean> {
    return (await tx.count(
      'update transfers set moved_until = $5 where tenant_id = $1 and id = $2 and epoch = $3 and (moved_until is null or moved_until <= $4)', [tx.tenantId, id, epoch, now, until],
    )) === 1;
  }

  async takeNews(tx: Tx, callSid: string): Promise<Transfer | null> {
    const [row] = await tx.rows<Transfer>(
      `update transfers set is_told = true where tenant_id = $1 and call_sid = $2 and state = 'returned' and not is_told returning ${COLUMNS}`, [tx.tenantId, callSid],
    );
    return row ?? null;
  }

  /** How often a caller came back from a specialist. */
  async returnsOf(tx: Tx, callSid: string): Promise<number> {
    const [row] = await tx.rows<{ count: number }>(
      `select count(*)::int as count from transfers where tenant_id = $1 and call_sid = $2 and state = 'returned' and is_held`, [tx.tenantId, callSid],
    );
    return row?.count ?? 0;
  }

  async ofContacts(tx: Tx, contactIds: string[]): Promise<Transfer[]> {
    return tx.rows<Transfer>(`select ${COLUMNS} from transfers where tenant_id = $1 and contact_id = any($2::uuid[]) order by created_at`, [tx.tenantId, contactIds]);
  }

  async erase(tx: Tx, contactIds: string[]): Promise<number> {
    return tx.count(`update transfers set reason = '' where tenant_id = $1 and contact_id = any($2::uuid[]) and reason <> ''`, [tx.tenantId, contactIds]);
  }
}
