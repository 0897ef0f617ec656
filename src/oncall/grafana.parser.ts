import { WallClock, type WeeklyHours } from '@throughline/kernel/wall-clock.js';
import { z } from 'zod';
import { Gathered, hoursOfWeek, leftOut, listIn, personAs, timeOf, zone } from './import.parser.js';
import { wallTime } from './layers.policy.js';
import type { Cover, ImportPlan, Layer } from './oncall.types.js';

const MINUTE = 60_000;
const PERIODS = { hourly: 60, daily: 1_440, weekly: 7 * 1_440 };
const UNITS = { hourly: 'hours', daily: 'days', weekly: 'weeks' } as const;
const DAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;

/** Seconds are always nought there. */
const local = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:00)?Z?$/, 'expected a time such as 2020-09-10T08:00:00').transform((text) => text.slice(0, 16))
  .refine((text) => !Number.isNaN(wallTime(text)), 'there is no such day or time');
const list = <T extends z.ZodType>(item: T) => z.array(item).nullish().transform((items) => items ?? []);

const shiftSchema = z.looseObject({
  id: z.string(), name: z.string().nullish(), type: z.enum(['single_event', 'recurrent_event', 'rolling_users', 'override']), time_zone: z.string().nullish(), level: z.int().nullish(),
  start: local, rotation_start: local.nullish(), duration: z.int().min(60).max(366 * 86_400).refine((seconds) => seconds % 60 === 0, 'expected whole minutes'), frequency: z.enum(['hourly', 'daily', 'weekly', 'monthly']).nullish(),
  interval: z.int().min(1).max(1_000).nullish(), until: local.nullish(), week_start: z.enum(DAYS).nullish(), by_day: list(z.enum(DAYS)), by_month: list(z.int()), by_monthday: list(z.int()),
  users: list(z.string()), rolling_users: list(z.array(z.string())), start_rotation_from_user_index: z.int().min(0).nullish(),
});
type Shift = z.output<typeof shiftSchema>;
const KNOWN = [...Object.keys(shiftSchema.shape), 'team_id', 'source'];

const scheduleSchema = z.looseObject({ id: z.string(), name: z.string().trim().min(1), type: z.enum(['calendar', 'web', 'ical']), time_zone: z.string().nullish(), shifts: list(z.string()) });

const userSchema = z.object({ id: z.string().min(1), username: z.string().nullish(), name: z.string().nullish(), email: z.string().nullish() });

/**
 * What the API of Grafana OnCall answers, in one document: `schedules` (`GET /api/v1/schedules/`), `on_call_shifts` (`GET /api/v1/on_call_shifts/`) and
 * `users` (`GET /api/v1/users/`).
 *
 * @param now what is over by then is of no use
 */
export function grafanaOncall(document: Record<string, unknown>, now: Date): ImportPlan {
  const users = listIn(document['users']).flatMap((user) => userSchema.safeParse(user).data ?? []);
  const people = users.map(({ id, username, name, email }) => [id, personAs([name, username, id], email)] as const);
  const gathered = new Gathered('grafana-oncall', new Map(people), now);
  gathered.unknownFields('document', document, ['schedules', 'on_call_shifts', 'users']);
  const shifts = new Map(listIn(document['on_call_shifts']).map((shift) => [(shift as { id?: unknown } | null)?.id, shift]));
  for (const [i, each] of listIn(document['schedules']).entries()) gathered.part(`schedules.${i}`, () => schedule(gathered, { path: `schedules.${i}`, given: each, shifts }));
  return gathered.plan;
}

function schedule(gathered: Gathered, { path, given, shifts }: { path: string; given: unknown; shifts: ReadonlyMap<unknown, unknown> }): void {
  const read = scheduleSchema.parse(given);
  if (read.type === 'ical') throw leftOut('it is a calendar elsewhere, which is not read');
  gathered.unknownFields(path, read, ['id', 'name', 'type', 'team_id', 'time_zone', 'shifts', 'on_call_now', 'slack', 'enable_web_overrides']);
  const [layers, covers]: [Layer[], Cover[]] = [[], []];
  let timeZone = zone(read.time_zone ?? 'UTC');
  for (const id of read.shifts) {
    gathered.part(`on_call_shifts.${id}`, () => {
      const shift = shiftSchema.parse(shifts.get(id) ?? null);
      const own = zone(shift.time_zone ?? read.time_zone ?? 'UTC');
      gathered.unknownFields(`on_call_shifts.${id}`, shift, KNOWN);
      if (shift.type === 'override') return void covers.push(...cover(gathered, shift, own));
      if (gathered.isOver(endOf(shift))) return;
      // A schedule here has one clock on the wall: that of its first layer.
      if (layers.length === 0) timeZone = own;
      if (own !== timeZone) throw leftOut(`it is in ${own}, and the schedule in ${timeZone}`);
      layers.push(layer(gathered, shift));
    });
  }
  gathered.plan.schedules.push({ ref: `grafana-oncall:${read.id}`, name: read.name.slice(0, 100), timeZone, layers, covers });
}

function layer(gathered: Gathered, shift: Shift): Layer {
  if (shift.rotation_start && shift.rotation_start !== shift.start) throw leftOut('rotation_start is another time than start');
  if (shift.by_month.length > 0 || shift.by_monthday.length > 0) throw leftOut('it is for some months or days of a month only');
  const { frequency } = shift;
  if (shift.type !== 'single_event' && (!frequency || frequency === 'monthly')) throw leftOut(`it repeats ${frequency ?? 'never'}`);
  const isRepeated = shift.type !== 'single_event' && frequency && frequency !== 'monthly';
  return {
    name: (shift.name || shift.id).slice(0, 100), level: Math.min(100, Math.max(0, shift.level ?? 0)), startsAt: shift.start, endsAt: endOf(shift),
    every: isRepeated ? (shift.interval ?? 1) : 1, unit: isRepeated ? UNITS[frequency] : 'weeks', rotation: rotationOf(gathered, shift), hours: isRepeated ? hoursOf(shift) : [],
  };
}

/** In minutes, from one beginning to the next. */
const periodOf = ({ frequency, interval }: Shift): number => (frequency && frequency !== 'monthly' ? PERIODS[frequency] : 31 * 1_440) * (interval ?? 1);

function rotationOf(gathered: Gathered, { type, users, rolling_users: rolling, start_rotation_from_user_index: first }: Shift): string[][] {
  const groups = type === 'rolling_users' ? rolling : [users];
  if (groups.every((group) => group.length === 0)) throw leftOut('nobody is in it');
  const start = (first ?? 0) % groups.length;
  return [...groups.slice(start), ...groups.slice(0, start)].map((group) => group.map((id) => gathered.person(id)));
}

/** In which hours of the week it is on; at any time, where it goes on until it begins again. */
function hoursOf(shift: Shift): WeeklyHours[] {
  const { start, frequency, interval, by_day: byDay, week_start: weekStart } = shift;
  const [minutes, period] = [shift.duration / 60, periodOf(shift)];
  const begin = new Date(wallTime(start));
  const [weekday, ofDay] = [(begin.getUTCDay() + 6) % 7, begin.getUTCHours() * 60 + begin.getUTCMinutes()];
  if (byDay.length > 0) {
    // Each week has its own people there, and so it has here only where it is handed off between two weeks.
    const isWeekly = frequency === 'weekly' && (interval ?? 1) === 1 && weekday === DAYS.indexOf(weekStart ?? 'SU') && ofDay + minutes <= 1_440;
    if (!isWeekly) throw leftOut('by_day is known only of weekly shifts that begin with the week, and end on the day on which they begin');
    return [{ days: byDay.map((day) => DAYS.indexOf(day) + 1).sort((a, b) => a - b), from: timeOf(ofDay), to: timeOf(ofDay + minutes) }];
  }
  if (minutes === period) return [];
  if (minutes > period) throw leftOut('it goes on when it begins again');
  if (frequency === 'daily' && period === 1_440) return [{ days: [1, 2, 3, 4, 5, 6, 7], from: timeOf(ofDay), to: timeOf(ofDay + minutes) }];
  if (frequency === 'weekly' && period === 7 * 1_440) return hoursOfWeek(weekday * 1_440 + ofDay, weekday * 1_440 + ofDay + minutes);
  throw leftOut('it pauses in a way that hours of the week cannot say');
}

/** When it is over for good. It begins for the last time at `until`, or before (RFC 5545), and goes on until it would begin again. */
function endOf(shift: Shift): string | null {
  const { start, until } = shift;
  if (shift.type === 'single_event') return later(start, shift.duration / 60);
  if (!until) return null;
  const period = periodOf(shift);
  const times = Math.floor((wallTime(until) - wallTime(start)) / MINUTE / period) + 1;
  if (times < 1) throw leftOut('it is over before it begins');
  return later(start, times * period);
}

function cover(gathered: Gathered, shift: Shift, timeZone: string): Cover[] {
  const begin = wallTime(shift.start);
  const clock = new WallClock(timeZone, begin - 2 * 1_440 * MINUTE, begin + 2 * 1_440 * MINUTE);
  const from = new Date(clock.when(begin));
  const until = new Date(from.getTime() + shift.duration * 1_000);
  const ids = shift.users.length > 0 ? shift.users : shift.rolling_users.flat();
  if (until <= gathered.now) return [];
  if (shift.frequency) throw leftOut('it is an override that repeats');
  if (ids.length === 0) throw leftOut('nobody is in it');
  return [{ from, until, staff: ids.map((id) => gathered.person(id)) }];
}

const later = (start: string, minutes: number): string => new Date(wallTime(start) + minutes * MINUTE).toISOString().slice(0, 16);
