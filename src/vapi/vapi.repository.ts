import type { Tx } from '@throughline/database/database.js';
import type { VapiCallRow } from './vapi.types.js';

const COLUMNS = 'vapi_id, tenant_id, call_sid, control_url, greeting, created_at, begun_at, ended_at, removed_at';

/** SQL of `vapi_calls`. */
export class VapiRepository {
  insert(tx: Tx, { vapiId, callSid, controlUrl, greeting, createdAt }: Pick<VapiCallRow, 'vapiId' | 'callSid' | 'controlUrl' | 'greeting' | 'createdAt'>): void {
    tx.write(
      'insert into vapi_calls (vapi_id, tenant_id, call_sid, control_url, greeting, created_at) values ($1, $2, $3, $4, $5, $6) on conflict do nothing',
      [vapiId, tx.tenantId, callSid, controlUrl, greeting, createdAt],
    );
  }

  /** Whose call this is as well: asked in the system scope. */
  async find(tx: Tx, vapiId: string): Promise<VapiCallRow | null> {
    const [row] = await tx.rows<VapiCallRow>(`select ${COLUMNS} from vapi_calls where vapi_id = $1`, [vapiId]);
    return row ?? null;
  }

  /** Somebody is on the line. @returns false when that was known */
  async begin(tx: Tx, vapiId: string, at: Date): Promise<boolean> {
    return (await tx.count('update vapi_calls set begun_at = $2 where vapi_id = $1 and begun_at is null and ended_at is null', [vapiId, at])) === 1;
  }

  /** The one that the caller came to last. */
  async newest(tx: Tx, callSid: string): Promise<VapiCallRow | null> {
    const [row] = await tx.rows<VapiCallRow>(`select ${COLUMNS} from vapi_calls where call_sid = $1 and begun_at is not null order by begun_at desc limit 1`, [callSid]);
    return row ?? null;
  }

  /** Somebody answers what was written up to here. @returns false when somebody does already */
  async ask(tx: Tx, vapiId: string, seq: number): Promise<boolean> {
    return (await tx.count('update vapi_calls set asked_seq = $2 where vapi_id = $1 and asked_seq < $2', [vapiId, seq])) === 1;
  }

  /** @returns false when somebody else has just moved the caller */
  async claimMove(tx: Tx, vapiId: string, now: Date, until: Date): Promise<boolean> {
    return (await tx.count('update vapi_calls set moved_until = $3 where vapi_id = $1 and (moved_until is null or moved_until <= $2)', [vapiId, now, until])) === 1;
  }

  end(tx: Tx, vapiId: string, at: Date): void {
    tx.write('update vapi_calls set ended_at = $2 where vapi_id = $1 and ended_at is null', [vapiId, at]);
  }

  noteRemoved(tx: Tx, vapiId: string, at: Date): void {
    tx.write('update vapi_calls set removed_at = $2, control_url = null where vapi_id = $1', [vapiId, at]);
  }
}
