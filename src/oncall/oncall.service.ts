import { setImmediate } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { invalid, notFound } from '@throughline/kernel/errors.js';
import { isUuid } from '@throughline/kernel/ids.js';
import { StaffService } from '../staff/staff.service.js';
import type { Reach } from '../staff/staff.types.js';
import { gapsBetween, onCallAt, shiftsBetween } from './oncall.policy.js';
import type { OnCallNow, Outlook, Roster, Schedule, ScheduleException, Shift } from './oncall.types.js';
import { csvOf, isDoNotDisturb, outlook, personOf } from './preflight.policy.js';
import { SchedulesRepository } from './schedules.repository.js';

const QUARTER = 900_000;
const DAY = 86_400_000;
/** How far preflight looks, and how far the end of a shift is looked for. */
const AHEAD = 14 * DAY;
/** A quarter of a year in one answer. */
const LONGEST = 92 * DAY;
const MOST_SCHEDULES = 200;

export interface Window {
  from?: Date | undefined;
  until?: Date | undefined;
}

export interface NamedShift extends Omit<Shift, 'staff'> {
  staff: { id: string; name: string }[];
}

export interface SchedulePreflight {
  scheduleId: string;
  name: string;
  outlooks: Outlook[];
}

/** Who is on call, and how they are reached: now, at any time, and for the next two weeks. */
@Injectable()
export class OncallService {
  private readonly schedules = new SchedulesRepository();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly staff: StaffService,
  ) {}

  /** @throws HubError `not_found` */
  onCall(tenantId: string, scheduleId: string, at = this.clock.now()): Promise<OnCallNow> {
    return this.database.transaction(tenantId, async (tx) => {
      const horizon = new Date(at.getTime() + AHEAD);
      const roster = await this.rosterOf(tx, await this.schedule(tx, scheduleId), at, horizon);
      const { staff, by } = onCallAt(roster, at);
      const [shift] = shiftsBetween(roster, at, horizon);
      const reaches = await this.staff.reach(tx, staff);
      const people = present(staff, reaches).map((reach) => personOf(reach, isDoNotDisturb(reach, at)));
      return { scheduleId, at, until: shift!.until < horizon ? shift!.until : null, by, staff: people };
    });
  }

  /** Also of schedules that are not there any more. */
  names(tenantId: string, ids: readonly string[]): Promise<Map<string, string>> {
    return this.database.transaction(tenantId, async (tx) => new Map((await this.schedules.names(tx, ids)).map(({ id, name }) => [id, name])));
  }

  /** @returns null where there is no such schedule (any more) */
  async nameOf(tx: Tx, scheduleId: string): Promise<string | null> {
    return isUuid(scheduleId) ? ((await this.schedules.find(tx, scheduleId))?.name ?? null) : null;
  }

  /** It is not removed before this transaction is over. @throws HubError `not_found` */
  async hold(tx: Tx, scheduleId: string): Promise<void> {
    if (!isUuid(scheduleId) || !(await this.schedules.lock(tx, scheduleId))) throw notFound('schedule', scheduleId);
  }

  /** Shifts from now on for two weeks, or for the time that is given: one after the other, gaps included. @throws HubError `invalid` for more than 92 days */
  async shifts(tenantId: string, scheduleId: string, window: Window): Promise<NamedShift[]> {
    const { from, until } = this.whole(window);
    return this.database.transaction(tenantId, async (tx) => {
      const shifts = shiftsBetween(await this.rosterOf(tx, await this.schedule(tx, scheduleId), from, until), from, until);
      const names = await this.staff.names(tx, [...new Set(shifts.flatMap(({ staff }) => staff))]);
      return shifts.map((shift) => ({ ...shift, staff: shift.staff.map((id) => ({ id, name: names.get(id) ?? '' })) }));
    });
  }

  /** When nobody is on call, in the same time. */
  async gaps(tenantId: string, scheduleId: string, window: Window): Promise<{ from: Date; until: Date }[]> {
    const { from, until } = this.whole(window);
    return this.database.transaction(tenantId, async (tx) => gapsBetween(await this.rosterOf(tx, await this.schedule(tx, scheduleId), from, until), from, until));
  }

  /** The time that preflight looks at. */
  ahead(): { from: Date; until: Date } {
    const from = new Date(Math.floor(this.clock.ms() / QUARTER) * QUARTER);
    return { from, until: new Date(from.getTime() + AHEAD) };
  }

  /** What would become of an incident in the next 14 days, from the quarter of an hour that it is now. @param scheduleId all of them, where not given */
  async preflight(tenantId: string, scheduleId?: string): Promise<SchedulePreflight[]> {
    const { from, until } = this.ahead();
    const rosters = await this.database.transaction(tenantId, async (tx) => {
      const schedules = scheduleId === undefined ? await this.schedules.list(tx, null, MOST_SCHEDULES) : [await this.schedule(tx, scheduleId)];
      const exceptions = await this.schedules.exceptionsBetween(tx, schedules.map(({ id }) => id), from, until);
      return schedules.map((schedule) => ({ ...schedule, roster: rosterWith(schedule, exceptions) }));
    });
    const shifts = await oneByOne(rosters, ({ roster }) => shiftsBetween(roster, from, until));
    const people = [...new Set(shifts.flat().flatMap(({ staff }) => staff))];
    const reaches = await this.database.transaction(tenantId, (tx) => this.staff.reach(tx, people));
    return oneByOne(rosters, ({ id, name }, i) => ({ scheduleId: id, name, outlooks: outlook(shifts[i]!, reaches) }));
  }

  /** The same for a spreadsheet, a line for each quarter of an hour. */
  async preflightCsv(tenantId: string, scheduleId?: string): Promise<Iterable<string>> {
    return csvOf(await this.preflight(tenantId, scheduleId));
  }

  private whole({ from = this.clock.now(), until = new Date(from.getTime() + AHEAD) }: Window): { from: Date; until: Date } {
    const message = 'expected a time after from, 92 days at most';
    if (until <= from || until.getTime() - from.getTime() > LONGEST) throw invalid(`until: ${message}`, [{ path: 'until', message }]);
    return { from, until };
  }

  private async schedule(tx: Tx, id: string): Promise<Schedule> {
    const schedule = isUuid(id) ? await this.schedules.find(tx, id) : null;
    if (!schedule) throw notFound('schedule', id);
    return schedule;
  }

  private async rosterOf(tx: Tx, schedule: Schedule, from: Date, until: Date): Promise<Roster> {
    return rosterWith(schedule, await this.schedules.exceptionsBetween(tx, [schedule.id], from, until));
  }
}

/** Others have a turn between two of them: a tenant may have many schedules, and a process many tenants. */
async function oneByOne<T, R>(items: readonly T[], work: (item: T, i: number) => R): Promise<R[]> {
  const results: R[] = [];
  for (const [i, item] of items.entries()) {
    results.push(work(item, i));
    await setImmediate();
  }
  return results;
}

const present = (ids: readonly string[], reaches: ReadonlyMap<string, Reach>): Reach[] => ids.flatMap((id) => reaches.get(id) ?? []);

/** @param exceptions those of other schedules are left out */
function rosterWith({ id, timeZone, layers }: Schedule, exceptions: readonly ScheduleException[]): Roster {
  const own = exceptions.filter(({ scheduleId }) => scheduleId === id).map((each) => ({ ...each, from: each.startsAt, until: each.endsAt }));
  const [overrides, covers] = [own.filter(({ kind }) => kind === 'override'), own.filter(({ kind }) => kind === 'cover')];
  return {
    timeZone, layers, covers: covers.map(({ from, until, staff }) => ({ from, until, staff })),
    overrides: overrides.map(({ from, until, removes, staff }) => ({ from, until, remove: removes, add: staff[0] ?? null })),
  };
}
