import type { Tx } from '@throughline/database/database.js';
import type { Schedule, ScheduleException } from './oncall.types.js';

const COLUMNS = 'id, name, time_zone, layers, external_ref, version, created_at, changed_at';
const EXCEPTION = 'id, schedule_id, kind, starts_at, ends_at, removes, staff, reason, made_by, created_at';

type After = { at: Date; id: string } | null;

/** SQL of `schedules` and `schedule_exceptions`. */
export class SchedulesRepository {
  /** @returns false when the id, the name or the origin is there already */
  async insert(tx: Tx, schedule: Schedule, fingerprint: string): Promise<boolean> {
    return (await tx.count(
      `insert into schedules (tenant_id, ${COLUMNS}, fingerprint) values ($1, $2, $3, $4, $5, $6, $7, $8, $8, $9) on conflict do nothing`,
      [tx.tenantId, schedule.id, schedule.name, schedule.timeZone, JSON.stringify(schedule.layers), schedule.externalRef, schedule.version, schedule.createdAt, fingerprint],
    )) === 1;
  }

  async find(tx: Tx, id: string): Promise<Schedule | null> {
    const [row] = await tx.rows<Schedule>(`select ${COLUMNS} from schedules where tenant_id = $1 and id = $2 and removed_at is null`, [tx.tenantId, id]);
    return row ?? null;
  }

  async hasRef(tx: Tx, externalRef: string): Promise<boolean> {
    return (await tx.rows('select 1 from schedules where tenant_id = $1 and external_ref = $2 and removed_at is null', [tx.tenantId, externalRef])).length > 0;
  }

  async fingerprintOf(tx: Tx, id: string): Promise<string | null> {
    const [row] = await tx.rows<{ fingerprint: string }>(
      'select fingerprint from schedules where tenant_id = $1 and id = $2 union all select fingerprint from schedule_exceptions where tenant_id = $1 and id = $2', [tx.tenantId, id],
    );
    return row?.fingerprint ?? null;
  }

  async lock(tx: Tx, id: string): Promise<Schedule | null> {
    const [row] = await tx.rows<Schedule>(`select ${COLUMNS} from schedules where tenant_id = $1 and id = $2 and removed_at is null for update`, [tx.tenantId, id]);
    return row ?? null;
  }

  async names(tx: Tx, ids: readonly string[]): Promise<Pick<Schedule, 'id' | 'name'>[]> {
    return tx.rows('select id, name from schedules where tenant_id = $1 and id = any($2::uuid[])', [tx.tenantId, ids]);
  }

  async list(tx: Tx, after: After, limit: number): Promise<Schedule[]> {
    return tx.rows<Schedule>(
      `select ${COLUMNS} from schedules where tenant_id = $1 and removed_at is null and ($2::timestamptz is null or (created_at, id) > ($2, $3::uuid))
       order by created_at, id limit $4`,
      [tx.tenantId, after?.at ?? null, after?.id ?? null, limit],
    );
  }

  async hasName(tx: Tx, name: string, exceptId: string | null): Promise<boolean> {
    return (await tx.rows(
      'select 1 from schedules where tenant_id = $1 and lower(name) = lower($2) and removed_at is null and ($3::uuid is null or id <> $3)', [tx.tenantId, name, exceptId],
    )).length > 0;
  }

  update(tx: Tx, { id, name, timeZone, layers, version, changedAt }: Schedule): void {
    tx.write(
      'update schedules set name = $3, time_zone = $4, layers = $5, version = $6, changed_at = $7 where tenant_id = $1 and id = $2',
      [tx.tenantId, id, name, timeZone, JSON.stringify(layers), version, changedAt],
    );
  }

  remove(tx: Tx, id: string, at: Date): void {
    tx.write('update schedules set removed_at = $3 where tenant_id = $1 and id = $2', [tx.tenantId, id, at]);
  }

  /** Names of schedules that count on somebody from now on. */
  async naming(tx: Tx, staffId: string, now: Date): Promise<string[]> {
    const rows = await tx.rows<{ name: string }>(
      `select name from schedules s where tenant_id = $1 and removed_at is null and (
         jsonb_path_exists(layers, '$[*].rotation[*][*] ? (@ == $id)', jsonb_build_object('id', $2::text))
         or exists (select 1 from schedule_exceptions e where e.tenant_id = $1 and e.schedule_id = s.id and e.removed_at is null and e.ends_at > $3
           and (e.removes = $2::uuid or $2 = any(e.staff))))
       order by name`,
      [tx.tenantId, staffId, now],
    );
    return rows.map(({ name }) => name);
  }

  /** @returns false when it is there already */
  async addException(tx: Tx, exception: ScheduleException, fingerprint: string): Promise<boolean> {
    return (await tx.count(
      `insert into schedule_exceptions (tenant_id, ${EXCEPTION}, fingerprint) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing`,
      [tx.tenantId, exception.id, exception.scheduleId, exception.kind, exception.startsAt, exception.endsAt, exception.removes, exception.staff, exception.reason,
        exception.madeBy, exception.createdAt, fingerprint],
    )) === 1;
  }

  async lockException(tx: Tx, scheduleId: string, id: string): Promise<ScheduleException | null> {
    const [row] = await tx.rows<ScheduleException>(
      `select ${EXCEPTION} from schedule_exceptions where tenant_id = $1 and schedule_id = $2 and id = $3 and removed_at is null for update`, [tx.tenantId, scheduleId, id],
    );
    return row ?? null;
  }

  async exceptionsByIds(tx: Tx, ids: readonly string[]): Promise<ScheduleException[]> {
    return tx.rows<ScheduleException>(`select ${EXCEPTION} from schedule_exceptions where tenant_id = $1 and id = any($2::uuid[]) order by array_position($2::uuid[], id)`, [tx.tenantId, ids]);
  }

  /** What began stays what it was until now. */
  endException(tx: Tx, id: string, at: Date): void {
    tx.write(
      `update schedule_exceptions set removed_at = case when starts_at >= $3 then $3 end, ends_at = case when starts_at >= $3 then ends_at else least(ends_at, $3) end
       where tenant_id = $1 and id = $2`,
      [tx.tenantId, id, at],
    );
  }

  /** All that touch a time, in the order in which they were made. */
  async exceptionsBetween(tx: Tx, scheduleIds: readonly string[], from: Date, until: Date): Promise<ScheduleException[]> {
    return tx.rows<ScheduleException>(
      `select ${EXCEPTION} from schedule_exceptions where tenant_id = $1 and schedule_id = any($2::uuid[]) and ends_at > $3 and starts_at < $4 and removed_at is null
       order by created_at, id`,
      [tx.tenantId, scheduleIds, from, until],
    );
  }

  async exceptions(tx: Tx, scheduleId: string, endingAfter: Date, page: { after: After; limit: number }): Promise<ScheduleException[]> {
    return tx.rows<ScheduleException>(
      `select ${EXCEPTION} from schedule_exceptions where tenant_id = $1 and schedule_id = $2 and ends_at > $3 and removed_at is null
         and ($4::timestamptz is null or (created_at, id) > ($4, $5::uuid)) order by created_at, id limit $6`,
      [tx.tenantId, scheduleId, endingAfter, page.after?.at ?? null, page.after?.id ?? null, page.limit],
    );
  }
}
