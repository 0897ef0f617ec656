import type { Tx } from '@throughline/database/database.js';
import type { Voicemail } from './calls.types.js';

const COLUMNS = 'recording_sid, tenant_id, call_sid, contact_id, conversation_sid, url, seconds, transcript, state, created_at';

/** SQL of `voicemails`. */
export class VoicemailsRepository {
  async note(tx: Tx, told: Pick<Voicemail, 'recordingSid' | 'callSid' | 'url' | 'seconds' | 'transcript'>, at: Date): Promise<void> {
    await tx.count(
      `insert into voicemails as v (recording_sid, tenant_id, call_sid, contact_id, conversation_sid, url, seconds, transcript, state, created_at)
       select $1, $2, call_sid, contact_id, conversation_sid, $4, $5, $6, 'recorded', $7 from calls where tenant_id = $2 and call_sid = $3 and address <> ''
       on conflict (recording_sid) do update set url = coalesce(excluded.url, v.url), seconds = coalesce(excluded.seconds, v.seconds),
         transcript = coalesce(excluded.transcript, v.transcript) where v.state = 'recorded'`,
      [told.recordingSid, tx.tenantId, told.callSid, told.url, told.seconds, told.transcript, at],
    );
  }

  async find(tx: Tx, recordingSid: string): Promise<Voicemail | null> {
    const [row] = await tx.rows<Voicemail>(`select ${COLUMNS} from voicemails where tenant_id = $1 and recording_sid = $2`, [tx.tenantId, recordingSid]);
    return row ?? null;
  }

  async received(tx: Tx, recordingSid: string): Promise<void> {
    await tx.count(`update voicemails set state = 'received', transcript = null, url = null where tenant_id = $1 and recording_sid = $2`, [tx.tenantId, recordingSid]);
  }

  async ofContacts(tx: Tx, contactIds: string[]): Promise<Voicemail[]> {
    return tx.rows<Voicemail>(`select ${COLUMNS} from voicemails where tenant_id = $1 and contact_id = any($2::uuid[]) order by created_at`, [tx.tenantId, contactIds]);
  }

  async erase(tx: Tx, contactIds: string[]): Promise<number> {
    return tx.count(
      `update voicemails set url = null, transcript = null, state = 'received' where tenant_id = $1 and contact_id = any($2::uuid[]) and state = 'recorded'`,
      [tx.tenantId, contactIds],
    );
  }
}
