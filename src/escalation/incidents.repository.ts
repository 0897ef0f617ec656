import type { Tx } from '@throughline/database/database.js';
import type { Incident, Report } from './escalation.types.js';

const COLUMNS = `id, tenant_id, conversation_sid, policy_id, steps, rounds, code, urgency, reports, callback, is_drill, state, round, step, epoch, due_at, wake_at, sla_seconds,
  acknowledged_by, acknowledged_staff_id, acknowledged_via, acknowledged_at, ended_at, created_at`;
const OPEN = `state in ('armed', 'notifying', 'waiting')`;

const OF_PERSON = `tenant_id = $1 and conversation_sid = any($2) and (${OPEN} or (state = 'acknowledged' and acknowledged_at >= $3)) order by created_at desc`;

export type NewIncident = Pick<Incident, 'id' | 'conversationSid' | 'policyId' | 'steps' | 'rounds' | 'code' | 'urgency' | 'reports' | 'callback' | 'isDrill' | 'slaSeconds' | 'createdAt'>;

/** `reports` comes as JSON: its times are texts there. */
type Row = Omit<Incident, 'reports'> & { reports: (Omit<Report, 'at'> & { at: string })[] };
const incidentOf = (row: Row): Incident => ({ ...row, reports: row.reports.map((report) => ({ ...report, at: new Date(report.at) })) });

/** SQL of `incidents`, `incident_schedules` and `incident_replies`. */
export class IncidentsRepository {
  /** @returns false when its id is there, or one of its conversation is open */
  async insert(tx: Tx, incident: NewIncident, fingerprint: string): Promise<boolean> {
    const { id, conversationSid, policyId, steps, rounds, code, urgency, reports, callback, isDrill, slaSeconds, createdAt } = incident;
    return (await tx.count(
      `insert into incidents (id, tenant_id, conversation_sid, policy_id, steps, rounds, code, urgency, reports, callback, is_drill, sla_seconds, fingerprint, state, due_at, wake_at, created_at)
       values ($1, $2, $3, $4, $5::jsonb, $6, $7, $8, $9::jsonb, $10, $11, $12, $13, 'armed', $14, $14, $14) on conflict do nothing`,
      [id, tx.tenantId, conversationSid, policyId, JSON.stringify(steps), rounds, code, urgency, JSON.stringify(reports), callback, isDrill, slaSeconds, fingerprint, createdAt],
    )) === 1;
  }

  async find(tx: Tx, id: string): Promise<Incident | null> {
    return this.one(tx, 'tenant_id = $1 and id = $2', [id]);
  }

  async among(tx: Tx, ids: readonly string[]): Promise<Incident[]> {
    return (await tx.rows<Row>(`select ${COLUMNS} from incidents where tenant_id = $1 and id = any($2::uuid[])`, [tx.tenantId, ids])).map(incidentOf);
  }

  async openCode(tx: Tx): Promise<string | null> {
    const [row] = await tx.rows<{ code: string }>(`select code from incidents where tenant_id = $1 and ${OPEN} and not is_drill limit 1`, [tx.tenantId]);
    return row?.code ?? null;
  }

  async lock(tx: Tx, id: string): Promise<Incident | null> {
    return this.one(tx, 'tenant_id = $1 and id = $2 for update', [id]);
  }

  async fingerprintOf(tx: Tx, id: string): Promise<string | null> {
    const [row] = await tx.rows<{ fingerprint: string }>('select fingerprint from incidents where tenant_id = $1 and id = $2', [tx.tenantId, id]);
    return row?.fingerprint ?? null;
  }

  /** The one that a report about a person with these conversations joins: it is open, or somebody has taken it since `since`. */
  async ofPerson(tx: Tx, conversationSids: string[], since: Date): Promise<Incident | null> {
    return this.one(tx, `${OF_PERSON} limit 1`, [conversationSids, since]);
  }

  async lockOfPerson(tx: Tx, conversationSids: string[], since: Date): Promise<Incident | null> {
    return this.one(tx, `${OF_PERSON} limit 1 for update`, [conversationSids, since]);
  }

  async isCodeInUse(tx: Tx, code: string, since: Date): Promise<boolean> {
    return (await tx.rows('select 1 from incidents where tenant_id = $1 and code = $2 and created_at >= $3', [tx.tenantId, code, since])).length > 0;
  }

  async list(tx: Tx, after: { at: Date; id: string } | null, limit: number): Promise<Incident[]> {
    const rows = await tx.rows<Row>(
      `select ${COLUMNS} from incidents where tenant_id = $1 and ($2::timestamptz is null or (created_at, id) > ($2, $3::uuid)) order by created_at, id limit $4`,
      [tx.tenantId, after?.at ?? null, after?.id ?? null, limit],
    );
    return rows.map(incidentOf);
  }

  join(tx: Tx, id: string, urgency: number, reports: readonly Report[]): void {
    tx.write('update incidents set urgency = $3, reports = $4::jsonb where tenant_id = $1 and id = $2', [tx.tenantId, id, urgency, JSON.stringify(reports)]);
  }

  /** For the first time; asked again, it is the first time that counts. */
  ask(tx: Tx, id: string, scheduleIds: readonly string[], at: Date): void {
    if (scheduleIds.length === 0) return;
    tx.write(
      'insert into incident_schedules (tenant_id, incident_id, schedule_id, asked_at) select $1, $2, unnest($3::uuid[]), $4 on conflict do nothing', [tx.tenantId, id, scheduleIds, at],
    );
  }

  /** Where the ladder stands from now on. */
  climb(tx: Tx, { id, state, round, step, epoch, dueAt, wakeAt, endedAt }: Incident): void {
    tx.write(
      'update incidents set state = $3, round = $4, step = $5, epoch = $6, due_at = $7, wake_at = $8, ended_at = $9 where tenant_id = $1 and id = $2',
      [tx.tenantId, id, state, round, step, epoch, dueAt, wakeAt, endedAt],
    );
  }

  acknowledge(tx: Tx, { id, acknowledgedBy, acknowledgedStaffId, acknowledgedVia, acknowledgedAt }: Incident): void {
    tx.write(
      'update incidents set acknowledged_by = $3, acknowledged_staff_id = $4, acknowledged_via = $5, acknowledged_at = $6 where tenant_id = $1 and id = $2',
      [tx.tenantId, id, acknowledgedBy, acknowledgedStaffId, acknowledgedVia, acknowledgedAt],
    );
  }

  /** @returns false when it is known already */
  async noteReply(tx: Tx, providerSid: string, incidentId: string): Promise<boolean> {
    return (await tx.count('insert into incident_replies (provider_sid, tenant_id, incident_id) values ($1, $2, $3) on conflict do nothing', [providerSid, tx.tenantId, incidentId])) === 1;
  }

  async isReply(tx: Tx, providerSid: string): Promise<boolean> {
    return (await tx.rows('select 1 from incident_replies where tenant_id = $1 and provider_sid = $2', [tx.tenantId, providerSid])).length > 0;
  }

  async ofConversations(tx: Tx, conversationSids: string[]): Promise<Incident[]> {
    const rows = await tx.rows<Row>(`select ${COLUMNS} from incidents where tenant_id = $1 and conversation_sid = any($2) order by created_at`, [tx.tenantId, conversationSids]);
    return rows.map(incidentOf);
  }

  async erase(tx: Tx, conversationSids: string[]): Promise<number> {
    return tx.count(
      `update incidents set reports = '[]', callback = null where tenant_id = $1 and conversation_sid = any($2) and (reports <> '[]' or callback is not null)`, [tx.tenantId, conversationSids],
    );
  }

  /** What was reported of them. */
  purge(tx: Tx, conversationSid: string, before: Date): void {
    tx.write(`update incidents set reports = '[]', callback = null where tenant_id = $1 and conversation_sid = $2 and created_at < $3`, [tx.tenantId, conversationSid, before]);
  }

  private async one(tx: Tx, where: string, parameters: unknown[]): Promise<Incident | null> {
    const [row] = await tx.rows<Row>(`select ${COLUMNS} from incidents where ${where}`, [tx.tenantId, ...parameters]);
    return row ? incidentOf(row) : null;
  }
}
