import type { Tx } from '@throughline/database/database.js';
import type { Attempt } from './escalation.types.js';

const COLUMNS = `id, tenant_id, incident_id, key, says, round, step, schedule_ids, staff_id, name, channel, address, state, press_key, carries, privacy_version, provider_sid, trouble, is_over, has_other_way, tries, claimed_at, lease_until,
  created_at, dispatched_at, changed_at`;

export type NewAttempt = Pick<Attempt, 'id' | 'incidentId' | 'key' | 'says' | 'round' | 'step' | 'staffId' | 'name' | 'channel' | 'address' | 'pressKey' | 'createdAt'> & Partial<Pick<Attempt, 'scheduleIds'>>;

/** SQL of `incident_attempts` and `incident_keys`. */
export class AttemptsRepository {
  /** @returns false when the incident has one of this key */
  async insert(tx: Tx, attempt: NewAttempt, linkHash: string): Promise<boolean> {
    const { id, incidentId, key, says, round, step, staffId, name, channel, address, pressKey, createdAt, scheduleIds = [] } = attempt;
    const isNew = (await tx.count(
      `insert into incident_attempts (id, tenant_id, incident_id, key, says, round, step, staff_id, name, channel, address, press_key, state, created_at, changed_at, schedule_ids)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'pending', $13, $13, $14) on conflict (incident_id, key) do nothing`,
      [id, tx.tenantId, incidentId, key, says, round, step, staffId, name, channel, address, pressKey, createdAt, scheduleIds],
    )) === 1;
    if (isNew) tx.write('insert into incident_keys (id, tenant_id, link_hash) values ($1, $2, $3)', [id, tx.tenantId, linkHash]);
    return isNew;
  }

  /** Whose attempt it is. Asked in the system scope. */
  async tenantOf(tx: Tx, id: string): Promise<string | null> {
    const [row] = await tx.rows<{ tenantId: string }>('select tenant_id from incident_keys where id = $1', [id]);
    return row?.tenantId ?? null;
  }

  /** Asked in the system scope. */
  async ofLink(tx: Tx, linkHash: string): Promise<{ id: string; tenantId: string } | null> {
    const [row] = await tx.rows<{ id: string; tenantId: string }>('select id, tenant_id from incident_keys where link_hash = $1', [linkHash]);
    return row ?? null;
  }

  async find(tx: Tx, id: string): Promise<Attempt | null> {
    const [row] = await tx.rows<Attempt>(`select ${COLUMNS} from incident_attempts where tenant_id = $1 and id = $2`, [tx.tenantId, id]);
    return row ?? null;
  }

  async of(tx: Tx, incidentId: string): Promise<Attempt[]> {
    return tx.rows<Attempt>(`select ${COLUMNS} from incident_attempts where tenant_id = $1 and incident_id = $2 order by created_at, id`, [tx.tenantId, incidentId]);
  }

  /** What was said last to these numbers and addresses about each incident since then, the newest first: however many there are, the code of each is one. */
  async alertsAt(tx: Tx, addresses: readonly string[], since: Date): Promise<(Attempt & { code: string; incidentState: string })[]> {
    return tx.rows(
      `select * from (
         select distinct on (a.incident_id) ${COLUMNS.split(',').map((name) => `a.${name.trim()}`).join(', ')}, i.code, i.state as incident_state from incident_attempts a join incidents i on i.id = a.incident_id
         where a.tenant_id = $1 and a.address = any($2) and a.created_at >= $3 and a.says = 'alert' order by a.incident_id, a.created_at desc, a.id desc
       ) latest order by created_at desc, id desc`, [tx.tenantId, addresses, since],
    );
  }

  async move(tx: Tx, { id, state }: Attempt, to: string, { at, cause, trouble }: { at: Date; cause: string; trouble: string | null }): Promise<void> {
    await tx.count(
      'update incident_attempts set state = $3, changed_at = $4, trouble = coalesce($5, trouble), changes = changes || $6::jsonb where id = $1 and state = $2',
      [id, state, to, at, trouble, JSON.stringify([{ from: state, to, at: at.toISOString(), cause }])],
    );
  }

  note(tx: Tx, id: string, providerSid: string, at: Date): void {
    tx.write('update incident_attempts set provider_sid = $2, dispatched_at = coalesce(dispatched_at, $3), lease_until = null where id = $1', [id, providerSid, at]);
  }

  noteOver(tx: Tx, id: string): void {
    tx.write('update incident_attempts set is_over = true where id = $1', [id]);
  }

  /** Once it is decided what it says, it is not decided again: one that is sent again says the same. */
  async carry(tx: Tx, id: string, carries: readonly string[], version: number): Promise<Attempt> {
    const [row] = await tx.rows<Attempt>(
      `update incident_attempts set carries = coalesce(carries, $3), privacy_version = coalesce(privacy_version, $4) where tenant_id = $1 and id = $2 returning ${COLUMNS}`,
      [tx.tenantId, id, carries, version],
    );
    return row!;
  }

  /** @returns null when it is sent, called off, or somebody else is at it */
  async claim(tx: Tx, id: string, now: Date, until: Date): Promise<Attempt | null> {
    const [row] = await tx.rows<Attempt>(
      `update incident_attempts set tries = tries + 1, lease_until = $4, claimed_at = coalesce(claimed_at, $3)
       where tenant_id = $1 and id = $2 and state = 'pending' and provider_sid is null and (lease_until is null or lease_until <= $3) returning ${COLUMNS}`,
      [tx.tenantId, id, now, until],
    );
    return row ?? null;
  }

  noteOtherWay(tx: Tx, id: string): void {
    tx.write('update incident_attempts set has_other_way = true where id = $1', [id]);
  }

  /** Nothing has certainly gone out: it is as if this try had not been. Unless the lease ran out and is somebody else's by now. */
  release(tx: Tx, id: string, leaseUntil: Date): void {
    tx.write('update incident_attempts set lease_until = null, tries = tries - 1 where id = $1 and provider_sid is null and lease_until = $2', [id, leaseUntil]);
  }

  /** Something may have gone out. Whoever tries next looks for it, from then on. */
  shorten(tx: Tx, id: string, leaseUntil: Date, until: Date): void {
    tx.write('update incident_attempts set lease_until = least(lease_until, $3) where id = $1 and provider_sid is null and lease_until = $2', [id, leaseUntil, until]);
  }

  /** Of these texts, the ones that another attempt is noted with: a receipt may have noted this one while it was looked for. */
  async known(tx: Tx, id: string, sids: string[]): Promise<Set<string>> {
    const rows = await tx.rows<{ providerSid: string }>('select provider_sid from incident_attempts where tenant_id = $1 and id <> $3 and provider_sid = any($2)', [tx.tenantId, sids, id]);
    return new Set(rows.map(({ providerSid }) => providerSid));
  }
}
