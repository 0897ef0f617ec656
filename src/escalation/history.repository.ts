import { CsvColumns, csvText, csvTime } from '@throughline/database/csv.js';
import type { Tx } from '@throughline/database/database.js';
import type { FiguresRow, Interruption, LoggedAttempt, LogPage, Range, TakenRow } from './escalation.types.js';

type After = { at: Date; id: string } | null;

const LOGGED = `a.created_at, a.id, a.incident_id, i.policy_id, i.is_drill, a.schedule_ids, a.says, a.round, a.step, a.staff_id, a.name, a.channel, a.address, a.state, a.carries, a.privacy_version, a.provider_sid, a.dispatched_at, a.changed_at, a.trouble, a.changes`;

const ATTEMPTS = new CsvColumns({
  createdAt: csvTime('a.created_at'), incidentId: 'a.incident_id', id: 'a.id', policyId: 'i.policy_id', scheduleIds: `array_to_string(a.schedule_ids, ' ')`, isDrill: 'i.is_drill::text', says: 'a.says', round: 'a.round',
  step: 'a.step', staffId: 'a.staff_id', name: csvText('a.name'), channel: 'a.channel', address: csvText('a.address'), state: 'a.state', providerSid: csvText('a.provider_sid'), dispatchedAt: csvTime('a.dispatched_at'),
  changedAt: csvTime('a.changed_at'), trouble: csvText('a.trouble'), carries: `array_to_string(a.carries, ' ')`, privacyVersion: 'a.privacy_version',
  changes: 'c.changes',
});

/** Each with its changes in words: `ringing@2026-01-05T09:00:00.000Z answered@…`. Joined, they are put together by as many processes as Postgres has to spare. */
const CHANGES = `cross join lateral (select string_agg((c ->> 'to') || '@' || (c ->> 'at'), ' ') as changes from jsonb_array_elements(a.changes) c) c`;

/** Each with the schedules that it has asked, and when: `id@2026-01-05T09:00:00.000Z`. */
const INCIDENTS = new CsvColumns({
  createdAt: csvTime('i.created_at'), id: 'i.id', policyId: 'i.policy_id',
  schedules: `(select string_agg(s.schedule_id || '@' || ${csvTime('s.asked_at')}, ' ' order by s.asked_at, s.schedule_id) from incident_schedules s where s.incident_id = i.id)`, isDrill: 'i.is_drill::text',
  urgency: 'i.urgency', slaSeconds: 'i.sla_seconds', state: 'i.state', acknowledgedAt: csvTime('i.acknowledged_at'), acknowledgedBy: csvText('i.acknowledged_by'), acknowledgedStaffId: 'i.acknowledged_staff_id',
  acknowledgedVia: 'i.acknowledged_via', endedAt: csvTime('i.ended_at'),
});

/** Reads over a time what `incidents`, `incident_attempts` and `incident_schedules` have of it. Nothing is changed here. */
export class HistoryRepository {
  readonly heads = { attempts: ATTEMPTS.head, incidents: INCIDENTS.head };

  /** Attempts that were made in this time, oldest first, each with its changes of state. */
  attempts(tx: Tx, range: Range, after: After, limit: number): Promise<LoggedAttempt[]> {
    this.walk(tx);
    return tx.rows<LoggedAttempt>(attemptsWith(LOGGED), valuesOf(tx, range, after, limit));
  }

  attemptLines(tx: Tx, range: Range, after: After, limit: number): Promise<LogPage | null> {
    return this.page(tx, attemptsWith(`a.created_at, a.id, ${ATTEMPTS.line} as line`, CHANGES), valuesOf(tx, range, after, limit));
  }

  /** Incidents that were opened in this time, oldest first, each with the schedules that it has asked. */
  incidentLines(tx: Tx, range: Range, after: After, limit: number): Promise<LogPage | null> {
    return this.page(tx,
      `select i.created_at, i.id, ${INCIDENTS.line} as line
       from incidents i where i.tenant_id = $1 and i.created_at >= $2 and i.created_at < $3 and ($4::timestamptz is null or (i.created_at, i.id) > ($4, $5::uuid))
       order by i.created_at, i.id limit $6`,
      valuesOf(tx, range, after, limit));
  }

  /** As one text: to read it line by line would take longer than to write it. */
  private async page(tx: Tx, lines: string, values: unknown[]): Promise<LogPage | null> {
    this.walk(tx);
    const [page] = await tx.rows<LogPage>(`select string_agg(line, '') as lines, count(*)::int as count, max(created_at) as at, (array_agg(id))[count(*)] as id from (${lines}) page having count(*) > 0`, values);
    return page ?? null;
  }

  /** Of all incidents, of each policy and of each schedule, drills apart. Percentiles are the nearest rank: the value of one incident, never one between two. */
  async figures(tx: Tx, { from, until }: Range, asOf: Date): Promise<FiguresRow[]> {
    this.expectMany(tx);
    return tx.rows<FiguresRow>(
      `with opened as materialized (
         select id as incident_id, policy_id, is_drill, state, sla_seconds, created_at, acknowledged_at, case when state = 'cancelled' then ended_at end as cancelled_at
         from incidents where tenant_id = $1 and created_at >= $2 and created_at < $3
       ), told as materialized (
         select a.incident_id, a.schedule_ids, a.dispatched_at from incident_attempts a join opened using (incident_id)
         where a.tenant_id = $1 and a.says = 'alert' and a.dispatched_at is not null
       ), firsts as (
         select incident_id, min(dispatched_at) as first_at from told group by incident_id
       ), schedule_firsts as (
         select incident_id, schedule_id, min(dispatched_at) as first_at from told cross join lateral unnest(schedule_ids) as schedule_id group by incident_id, schedule_id
       ), lines as (
         select 'schedule' as kind, s.schedule_id as id, o.*, s.asked_at as since, f.first_at
         from opened o join incident_schedules s using (incident_id) left join schedule_firsts f using (incident_id, schedule_id)
         union all select 'policy', o.policy_id, o.*, o.created_at, f.first_at from opened o left join firsts f using (incident_id)
         union all select 'all', null, o.*, o.created_at, f.first_at from opened o left join firsts f using (incident_id)
       )
       select kind, id, is_drill, count(*)::int as incidents, count(acknowledged_at)::int as acknowledged, count(cancelled_at)::int as cancelled,
         (count(*) filter (where first_at is null))::int as unattempted,
         (count(*) filter (where coalesce(acknowledged_at, cancelled_at, $4) - since > make_interval(secs => sla_seconds)))::int as sla_breaches,
         percentile_disc(array[0.5, 0.95, 1]) within group (order by extract(epoch from first_at - since)::float8) as first_attempt,
         percentile_disc(array[0.5, 0.95, 1]) within group (order by extract(epoch from acknowledged_at - since)::float8) as acknowledge
       from lines group by kind, id, is_drill order by kind, id, is_drill`,
      [tx.tenantId, from, until, asOf],
    );
  }

  /** Who took how many. */
  async taken(tx: Tx, { from, until }: Range): Promise<TakenRow[]> {
    return tx.rows<TakenRow>(
      `select acknowledged_staff_id as staff_id, max(acknowledged_by) as name, is_drill, count(*)::int as taken from incidents
       where tenant_id = $1 and created_at >= $2 and created_at < $3 and acknowledged_at is not null
       group by acknowledged_staff_id, case when acknowledged_staff_id is null then acknowledged_by end, is_drill`,
      [tx.tenantId, from, until],
    );
  }

  /** How often somebody was told within each quarter of an hour: what comes at once in one step of an incident is one interruption. */
  async interruptions(tx: Tx, { from, until }: Range): Promise<Interruption[]> {
    this.expectMany(tx);
    return tx.rows<Interruption>(
      `select staff_id, is_drill, date_bin('15 minutes', at, timestamptz 'epoch') as at, count(*)::int as times from (
         select a.staff_id, i.is_drill, min(a.dispatched_at) as at from incidents i join incident_attempts a on a.incident_id = i.id
         where i.tenant_id = $1 and i.created_at >= $2 and i.created_at < $3 and a.tenant_id = $1 and a.says = 'alert' and a.staff_id is not null and a.dispatched_at is not null
         group by a.staff_id, a.incident_id, a.round, a.step, i.is_drill
       ) told group by staff_id, is_drill, date_bin('15 minutes', at, timestamptz 'epoch')`,
      [tx.tenantId, from, until],
    );
  }

  /** The planner takes the rule that keeps tenants apart for one that leaves few rows, and would compare each with each. */
  private expectMany(tx: Tx): void {
    tx.write('set local enable_nestloop = off');
  }

  /** Of the index, from where the last page has ended: the planner would sort all that is left, for each page. */
  private walk(tx: Tx): void {
    tx.write('set local enable_sort = off');
  }
}

const valuesOf = ({ tenantId }: Tx, { from, until }: Range, after: After, limit: number): unknown[] => [tenantId, after?.at ?? from, until, after?.at ?? null, after?.id ?? null, limit];

/** Each looks its incident up: the planner takes the rule that keeps tenants apart for one that leaves few incidents, and would compare each with each. */
const attemptsWith = (columns: string, joined = ''): string =>
  `select ${columns} from incident_attempts a cross join lateral (select policy_id, is_drill from incidents where id = a.incident_id offset 0) i ${joined}
   where a.tenant_id = $1 and a.created_at >= $2 and a.created_at < $3 and ($4::timestamptz is null or (a.created_at, a.id) > ($4, $5::uuid))
   order by a.created_at, a.id limit $6`;
