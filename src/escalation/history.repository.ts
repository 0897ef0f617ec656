import type { Tx } from '@throughline/database/database.js';
import type { FiguresRow, Interruption, LoggedAttempt, LoggedIncident, Range, ShortAttempt, TakenRow } from './escalation.types.js';

type After = { at: Date; id: string } | null;

/** Reads over a time what `incidents`, `incident_attempts` and `incident_schedules` have of it. Nothing is changed here. */
export class HistoryRepository {
  /** Attempts that were made in this time, oldest first, each with its changes of state. */
  attempts(tx: Tx, range: Range, after: After, limit: number): Promise<LoggedAttempt[]> {
    return this.attemptsWith(tx, 'a.changes', range, after, limit);
  }

  /** The same, their changes in words: what is read a hundred thousand times need not be parsed. */
  attemptsInShort(tx: Tx, range: Range, after: After, limit: number): Promise<ShortAttempt[]> {
    return this.attemptsWith(tx, `(select string_agg((c ->> 'to') || '@' || (c ->> 'at'), ' ') from jsonb_array_elements(a.changes) c) as changes`, range, after, limit);
  }

  private async attemptsWith<T>(tx: Tx, changes: string, { from, until }: Range, after: After, limit: number): Promise<T[]> {
    this.walk(tx);
    return tx.rows<T>(
      `select a.created_at, a.id, a.incident_id, i.policy_id, i.is_drill, a.schedule_ids, a.says, a.round, a.step, a.staff_id, a.name, a.channel, a.address, a.state, a.carries, a.privacy_version, a.provider_sid,
         a.dispatched_at, a.changed_at, a.trouble, ${changes}
       from incident_attempts a join incidents i on i.id = a.incident_id
       where a.tenant_id = $1 and a.created_at >= $2 and a.created_at < $3 and ($4::timestamptz is null or (a.created_at, a.id) > ($4, $5::uuid))
       order by a.created_at, a.id limit $6`,
      [tx.tenantId, after?.at ?? from, until, after?.at ?? null, after?.id ?? null, limit],
    );
  }

  /** Incidents that were opened in this time, oldest first, each with the schedules that it has asked. */
  async incidents(tx: Tx, { from, until }: Range, after: After, limit: number): Promise<LoggedIncident[]> {
    this.walk(tx);
    return tx.rows<LoggedIncident>(
      `select i.created_at, i.id, i.policy_id, i.is_drill, i.urgency, i.sla_seconds, i.state, i.acknowledged_at, i.acknowledged_by, i.acknowledged_staff_id, i.acknowledged_via, i.ended_at,
         array(select s.schedule_id || '@' || to_char(s.asked_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') from incident_schedules s where s.incident_id = i.id
           order by s.asked_at, s.schedule_id) as schedules
       from incidents i where i.tenant_id = $1 and i.created_at >= $2 and i.created_at < $3 and ($4::timestamptz is null or (i.created_at, i.id) > ($4, $5::uuid))
       order by i.created_at, i.id limit $6`,
      [tx.tenantId, after?.at ?? from, until, after?.at ?? null, after?.id ?? null, limit],
    );
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
