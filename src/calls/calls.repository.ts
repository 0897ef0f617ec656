import type { Tx } from '@throughline/database/database.js';
import type { Call, CallState, Engine, Next } from './calls.types.js';

const COLUMNS = `call_sid, tenant_id, contact_id, conversation_sid, direction, opening, address, sender, proved, state, engine, sessions, session, next, live_until,
  started_at, answered_at, ended_at`;

/** SQL of `calls` and `call_tenants`. */
export class CallsRepository {
  /** @returns false when the call is known */
  async insert(tx: Tx, call: Pick<Call, 'callSid' | 'contactId' | 'conversationSid' | 'direction' | 'opening' | 'address' | 'sender' | 'proved' | 'startedAt'>): Promise<boolean> {
    tx.write('insert into call_tenants (call_sid, tenant_id) values ($1, $2) on conflict do nothing', [call.callSid, tx.tenantId]);
    return (await tx.count(
      `insert into calls (call_sid, tenant_id, contact_id, conversation_sid, direction, address, sender, proved, state, started_at, opening)
       values ($1, $2, $3, $4, $5, $6, $7, $8, 'ringing', $9, $10) on conflict do nothing`,
      [call.callSid, tx.tenantId, call.contactId, call.conversationSid, call.direction, call.address, call.sender, call.proved, call.startedAt, call.opening],
    )) === 1;
  }

  async find(tx: Tx, callSid: string): Promise<Call | null> {
    const [row] = await tx.rows<Call>(`select ${COLUMNS} from calls where tenant_id = $1 and call_sid = $2`, [tx.tenantId, callSid]);
    return row ?? null;
  }

  async lock(tx: Tx, callSid: string): Promise<Call | null> {
    const [row] = await tx.rows<Call>(`select ${COLUMNS} from calls where tenant_id = $1 and call_sid = $2 for update`, [tx.tenantId, callSid]);
    return row ?? null;
  }

  /** Whose call it is. Asked in the system scope. */
  async tenantOf(tx: Tx, callSid: string): Promise<string | null> {
    const [row] = await tx.rows<{ tenantId: string }>('select tenant_id from call_tenants where call_sid = $1', [callSid]);
    return row?.tenantId ?? null;
  }

  /** Which call a token is for. Asked in the system scope. */
  async ofToken(tx: Tx, token: string): Promise<{ callSid: string; tenantId: string } | null> {
    const [row] = await tx.rows<{ callSid: string; tenantId: string }>('select call_sid, tenant_id from call_tenants where token = $1', [token]);
    return row ?? null;
  }

  /** The token that waits for its socket, else this one. Asked twice for one socket, there is one. */
  async keepToken(tx: Tx, callSid: string, token: string): Promise<string> {
    const [row] = await tx.rows<{ token: string }>(
      'update call_tenants set tries = tries + 1, token = coalesce(token, $2) where call_sid = $1 returning token', [callSid, token],
    );
    return row!.token;
  }

  /** Asked in the system scope. */
  async triesOf(tx: Tx, callSid: string): Promise<number> {
    const [row] = await tx.rows<{ tries: number }>('select tries from call_tenants where call_sid = $1', [callSid]);
    return row?.tries ?? 0;
  }

  dropToken(tx: Tx, callSid: string): void {
    tx.write('update call_tenants set token = null where call_sid = $1', [callSid]);
  }

  setConversation(tx: Tx, callSid: string, conversationSid: string, contactId: string): void {
    tx.write('update calls set conversation_sid = $2, contact_id = $3 where call_sid = $1', [callSid, conversationSid, contactId]);
    tx.write('update voicemails set conversation_sid = $2, contact_id = $3 where call_sid = $1', [callSid, conversationSid, contactId]);
  }

  /** @returns false when somebody else was faster */
  async move(tx: Tx, call: Call, to: CallState, change: { engine: Engine | null; at: Date }): Promise<boolean> {
    return (await tx.count(
      `update calls set state = $3, engine = coalesce($4, engine), answered_at = case when $3 = 'talking' then coalesce(answered_at, $5) else answered_at end,
       ended_at = case when $3 = 'ended' then $5 else ended_at end, session = case when $3 in ('talking', 'lost') then session end,
       live_until = case when $3 = 'talking' then live_until end
       where call_sid = $1 and state = $2`,
      [call.callSid, call.state, to, change.engine, change.at],
    )) === 1;
  }

  setSession(tx: Tx, callSid: string, session: string, liveUntil: Date): void {
    tx.write('update calls set session = $2, live_until = $3, sessions = sessions + 1, next = null where call_sid = $1', [callSid, session, liveUntil]);
  }

  /** Said by whoever speaks; by nobody who has been replaced. */
  setNext(tx: Tx, callSid: string, session: string, next: Next): void {
    tx.write('update calls set next = $3 where call_sid = $1 and session = $2', [callSid, session, next]);
  }

  dropNext(tx: Tx, callSid: string): void {
    tx.write('update calls set next = null where tenant_id = $1 and call_sid = $2', [tx.tenantId, callSid]);
  }

  /** @returns those in which this session still speaks */
  async renew(tx: Tx, calls: readonly { callSid: string; session: string }[], liveUntil: Date): Promise<Set<string>> {
    const rows = await tx.rows<{ callSid: string }>(
      `update calls c set live_until = $3 from unnest($1::text[], $2::uuid[]) as s (call_sid, session)
       where c.call_sid = s.call_sid and c.session = s.session and c.state = 'talking' returning c.call_sid`,
      [calls.map(({ callSid }) => callSid), calls.map(({ session }) => session), liveUntil],
    );
    return new Set(rows.map((row) => row.callSid));
  }

  /** Until when somebody speaks to the person of this conversation on the phone; to whoever only shows their number nobody does. */
  async liveUntil(tx: Tx, conversationSid: string, now: Date): Promise<Date | null> {
    const [row] = await tx.rows<{ liveUntil: Date | null }>(
      `select max(live_until) as live_until from calls where conversation_sid = $1 and proved and state = 'talking' and live_until > $2`, [conversationSid, now],
    );
    return row?.liveUntil ?? null;
  }

  /** The newest call of the conversation that has not ended; before one in which a number is only shown, one of whose number it is. */
  async active(tx: Tx, conversationSid: string): Promise<Call | null> {
    const [row] = await tx.rows<Call>(`select ${COLUMNS} from calls where conversation_sid = $1 and state <> 'ended' order by proved desc, started_at desc limit 1`, [conversationSid]);
    return row ?? null;
  }

  /** When we called this number, the earliest first. */
  async madeSince(tx: Tx, address: string, since: Date): Promise<Date[]> {
    const rows = await tx.rows<{ startedAt: Date }>(
      `select started_at from calls where tenant_id = $1 and address = $2 and direction = 'outbound' and started_at > $3 order by started_at`, [tx.tenantId, address, since],
    );
    return rows.map(({ startedAt }) => startedAt);
  }

  async ofContacts(tx: Tx, contactIds: string[]): Promise<Call[]> {
    return tx.rows<Call>(`select ${COLUMNS} from calls where tenant_id = $1 and contact_id = any($2::uuid[]) order by started_at`, [tx.tenantId, contactIds]);
  }

  /** What whoever speaks in the call is to say next. @returns false where that waits already, or the call is over */
  async leaveWord(tx: Tx, callSid: string, word: string): Promise<boolean> {
    return (await tx.count(`update calls set word = $3 where tenant_id = $1 and call_sid = $2 and state <> 'ended' and word is distinct from $3`, [tx.tenantId, callSid, word])) === 1;
  }

  /** It is handed out once. */
  async takeWord(tx: Tx, callSid: string): Promise<string | null> {
    const [row] = await tx.rows<{ word: string | null }>(
      `update calls c set word = null from (select call_sid, word from calls where tenant_id = $1 and call_sid = $2 and word is not null for update) w where c.call_sid = w.call_sid returning w.word`,
      [tx.tenantId, callSid],
    );
    return row?.word ?? null;
  }

  /** What was said first in calls of before. */
  purge(tx: Tx, conversationSid: string, before: Date): void {
    tx.write('update calls set opening = null, word = null where tenant_id = $1 and conversation_sid = $2 and started_at < $3', [tx.tenantId, conversationSid, before]);
  }

  async erase(tx: Tx, contactIds: string[]): Promise<number> {
    return tx.count(`update calls set address = '', opening = null, word = null where tenant_id = $1 and contact_id = any($2::uuid[]) and address <> ''`, [tx.tenantId, contactIds]);
  }
}
