import { HubError, invalid } from '@throughline/kernel/errors.js';
import { isTimeZone, type WeeklyHours } from '@throughline/kernel/wall-clock.js';
import { z } from 'zod';
import { wallTime } from './layers.policy.js';
import type { ImportPlan } from './oncall.types.js';

const DAY_MINUTES = 24 * 60;

/** Why a part of an export cannot be taken over. */
export const leftOut = (why: string): HubError => invalid(why);

/** What both importers gather while they read. */
export class Gathered {
  readonly plan: ImportPlan = { staff: [], schedules: [], leftOut: [] };

  constructor(
    readonly system: string,
    private readonly people: ReadonlyMap<string, { name: string; email: string | null }>,
    /** What was over by then is of no use. */
    readonly now: Date,
  ) {}

  /** Somebody whom a schedule names, by their id there. @throws HubError `invalid` when the export does not say who that is */
  person(id: string): string {
    const known = this.people.get(id);
    if (!known) throw leftOut(`it names user ${id}, who is not in the export`);
    const ref = `${this.system}:${id}`;
    if (!this.plan.staff.some((each) => each.ref === ref)) this.plan.staff.push({ ref, ...known });
    return ref;
  }

  /** Reads a part, or notes why it is left out. People of a part that is left out do not come either. */
  part<T>(path: string, read: () => T): T | undefined {
    const before = this.plan.staff.length;
    try {
      return read();
    } catch (error) {
      const why = error instanceof HubError ? error.message : error instanceof z.ZodError ? z.prettifyError(error).replace(/\s+/g, ' ') : undefined;
      if (why === undefined) throw error;
      this.plan.staff.length = before;
      this.leaveOut(path, why);
      return undefined;
    }
  }

  /** @param end on the wall, somewhere */
  isOver(end: string | null): boolean {
    return end !== null && wallTime(end) + 2 * DAY_MINUTES * 60_000 < this.now.getTime();
  }

  leaveOut(path: string, why: string): void {
    this.plan.leftOut.push({ path, why });
  }

  /** Names fields that are not known here, and say something. */
  unknownFields(path: string, part: object, known: readonly string[]): void {
    for (const [field, value] of Object.entries(part)) {
      if (!known.includes(field) && value !== null && value !== false && value !== '') this.leaveOut(`${path}.${field}`, 'this field is not known here');
    }
  }
}

/** A bare list, or one as the API of either system answers it. */
export function listIn(value: unknown): unknown[] {
  const { data, results } = (value ?? {}) as { data?: unknown; results?: unknown };
  return [value, data, results].find((each) => Array.isArray(each)) ?? [];
}

const email = z.email().max(254);

/** How somebody is called there, and their e-mail address where it is one. */
export const personAs = (names: (string | null | undefined)[], address: string | null | undefined): { name: string; email: string | null } =>
  ({ name: names.map((name) => name?.trim()).find(Boolean)?.slice(0, 100) ?? '', email: email.safeParse(address).data ?? null });

export function zone(name: string): string {
  if (!isTimeZone(name)) throw leftOut(`there is no time zone ${name}`);
  return name;
}

/** From one time of a week to another, each in minutes since Monday, as hours of its days. The same time is the whole week. */
export function hoursOfWeek(from: number, until: number): WeeklyHours[] {
  const length = ((until - from - 1 + 7 * DAY_MINUTES) % (7 * DAY_MINUTES)) + 1;
  const hours: WeeklyHours[] = [];
  for (let begin = from; begin < from + length; ) {
    const end = Math.min(from + length, (Math.floor(begin / DAY_MINUTES) + 1) * DAY_MINUTES);
    hours.push({ days: [(Math.floor(begin / DAY_MINUTES) % 7) + 1], from: timeOf(begin), to: timeOf(end) });
    begin = end;
  }
  return hours;
}

export const timeOf = (minutes: number): string => `${two(Math.floor(minutes / 60) % 24)}:${two(minutes % 60)}`;

const two = (n: number): string => String(n).padStart(2, '0');
