import { WallClock, type WeeklyHours } from '@throughline/kernel/wall-clock.js';
import { z } from 'zod';
import { Gathered, hoursOfWeek, leftOut, listIn, personAs, timeOf, zone } from './import.parser.js';
import type { Cover, ImportPlan, Layer } from './oncall.types.js';

const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const UNITS = { hourly: 'hours', daily: 'days', weekly: 'weeks' } as const;

const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));
const hour = z.int().min(0).max(24).default(0);
const minute = z.int().min(0).max(59).default(0);
const day = z.string().transform((name) => name.toLowerCase()).pipe(z.enum(DAYS as [string, ...string[]]));
const time = { startHour: hour, startMin: minute, endHour: hour, endMin: minute };

const restrictionSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('time-of-day'), restriction: z.object(time).optional(), restrictions: z.array(z.object(time)).optional() }),
  z.object({ type: z.literal('weekday-and-time-of-day'), restrictions: z.array(z.object({ ...time, startDay: day, endDay: day })) }),
]);

const rotationSchema = z.looseObject({
  name: z.string().nullish(), startDate: instant, endDate: instant.nullish(), type: z.enum(['hourly', 'daily', 'weekly']), length: z.int().min(1).default(1), enabled: z.boolean().default(true),
  participants: z.array(z.object({ type: z.string(), id: z.string().nullish() })).min(1), timeRestriction: restrictionSchema.nullish(),
});

const scheduleSchema = z.looseObject({
  id: z.string(), name: z.string().trim().min(1), timezone: z.string(), enabled: z.boolean().default(true), rotations: z.array(z.unknown()).default([]), overrides: z.array(z.unknown()).default([]),
});

const overrideSchema = z.looseObject({ user: z.object({ type: z.string().optional(), id: z.string() }), startDate: instant, endDate: instant, rotations: z.array(z.unknown()).nullish() });

const userSchema = z.object({ id: z.string().min(1), username: z.string().nullish(), fullName: z.string().nullish() });

/**
 * What Opsgenie's API answers, in one document: `schedules` (`GET /v2/schedules?expand=rotation`, or files of its configuration backup), each with
 * its `overrides` (`GET /v2/schedules/:id/overrides`), and `users` (`GET /v2/users`).
 *
 * @param now what is over by then is of no use
 */
export function opsgenie(document: Record<string, unknown>, now: Date): ImportPlan {
  const users = listIn(document['users']).flatMap((user) => userSchema.safeParse(user).data ?? []);
  const people = users.map(({ id, username, fullName }) => [id, personAs([fullName, username, id], username)] as const);
  const gathered = new Gathered('opsgenie', new Map(people), now);
  gathered.unknownFields('document', document, ['schedules', 'users']);
  for (const [i, each] of listIn(document['schedules']).entries()) gathered.part(`schedules.${i}`, () => schedule(gathered, `schedules.${i}`, each));
  return gathered.plan;
}

function schedule(gathered: Gathered, path: string, given: unknown): void {
  // The backup keeps a schedule and its overrides beside each other.
  const { schedule: inner, scheduleOverrideList: beside } = (given ?? {}) as { schedule?: object; scheduleOverrideList?: unknown };
  const read = scheduleSchema.parse(inner ? { ...inner, overrides: beside ?? [] } : given);
  if (!read.enabled) throw leftOut('it is disabled');
  gathered.unknownFields(path, read, ['id', 'name', 'timezone', 'enabled', 'rotations', 'overrides', 'description', 'ownerTeam']);
  const timeZone = zone(read.timezone);
  const layers = read.rotations.flatMap((each, i) => gathered.part(`${path}.rotations.${i}`, () => layer(gathered, `${path}.rotations.${i}`, each, timeZone)) ?? []);
  const covers = read.overrides.flatMap((each, i) => gathered.part(`${path}.overrides.${i}`, () => cover(gathered, each)) ?? []);
  gathered.plan.schedules.push({ ref: `opsgenie:${read.id}`, name: read.name.slice(0, 100), timeZone, layers, covers });
}

/** All rotations of a schedule are on call together, so they are layers of one level. */
function layer(gathered: Gathered, path: string, given: unknown, timeZone: string): Layer | [] {
  const read = rotationSchema.parse(given);
  if (!read.enabled) throw leftOut('it is disabled');
  gathered.unknownFields(path, read, ['id', 'name', 'startDate', 'endDate', 'type', 'length', 'enabled', 'participants', 'timeRestriction', 'parent']);
  const endsAt = read.endDate ? onWall(read.endDate, timeZone) : null;
  if (gathered.isOver(endsAt)) return [];
  const rotation = read.participants.map(({ type, id }) => {
    if (type === 'none') return [];
    if (type !== 'user' || !id) throw leftOut(`a participant is a ${type}, and only users are known here`);
    return [gathered.person(id)];
  });
  return {
    name: (read.name ?? 'rotation').slice(0, 100), level: 0, startsAt: onWall(read.startDate, timeZone), endsAt,
    every: read.length, unit: UNITS[read.type], rotation, hours: read.timeRestriction ? hoursOf(read.timeRestriction) : [],
  };
}

function hoursOf(restriction: z.output<typeof restrictionSchema>): WeeklyHours[] {
  const minutes = (hours: number, rest: number): number => hours * 60 + rest;
  if (restriction.type === 'weekday-and-time-of-day') {
    return restriction.restrictions.flatMap((each) => hoursOfWeek(
      DAYS.indexOf(each.startDay) * 1_440 + minutes(each.startHour, each.startMin), DAYS.indexOf(each.endDay) * 1_440 + minutes(each.endHour, each.endMin),
    ));
  }
  const all = [...(restriction.restriction ? [restriction.restriction] : []), ...(restriction.restrictions ?? [])];
  if (all.length === 0) throw leftOut('its time restriction says no hours');
  return all.map((each) => ({ days: [1, 2, 3, 4, 5, 6, 7], from: timeOf(minutes(each.startHour, each.startMin)), to: timeOf(minutes(each.endHour, each.endMin)) }));
}

/** An override that names no rotation takes the place of them all. */
function cover(gathered: Gathered, given: unknown): Cover | [] {
  const read = overrideSchema.parse(given);
  if (read.endDate <= gathered.now) return [];
  if ((read.rotations ?? []).length > 0) throw leftOut('it is for some rotations only');
  if (read.user.type !== undefined && read.user.type !== 'user') throw leftOut(`it is for a ${read.user.type}`);
  return { from: read.startDate, until: read.endDate, staff: [gathered.person(read.user.id)] };
}

function onWall(at: Date, timeZone: string): string {
  const instant = at.getTime();
  return new Date(new WallClock(timeZone, instant, instant).at(instant)).toISOString().slice(0, 16);
}
