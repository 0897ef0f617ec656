import { IANAZone } from 'luxon';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Clocks are put back by less than this, so what they showed before does not matter any more. */
const FORGOTTEN = 26 * HOUR;
/** No zone has changed its clocks twice in so short a time since 1970. */
const STEP = 12 * HOUR;

interface Stretch {
  since: number;
  /** Added to an instant, what the clock shows. */
  offset: number;
  /** What the clock had come up to before `since`. */
  peak: number;
}

export const isTimeZone = (name: string): boolean => IANAZone.isValidZone(name);

/**
 * The clock on the wall of a zone, for whatever happens at a time of day. It happens when the clock **first shows that time or a later
 * one**: a time that the clocks skip comes with the jump, one that they show twice is the first. So all that counts is the latest
 * time that the clock has shown so far, which never goes back.
 *
 * Times on the wall are milliseconds, counted as if the wall were in UTC: `Date.UTC(2026, 0, 5, 9)` is nine o'clock there.
 */
export class WallClock {
  private readonly stretches: Stretch[];

  /**
   * Good for instants from `from` to `until`, in milliseconds since the epoch.
   *
   * @param zone IANA name
   * @throws RangeError for a zone that is not known
   */
  constructor(zone: string, from: number, until: number) {
    const iana = IANAZone.create(zone);
    if (!iana.isValid) throw new RangeError(`There is no time zone ${zone}.`);
    const offsetAt = (at: number): number => iana.offset(at) * 60_000;
    let since = from - FORGOTTEN;
    let offset = offsetAt(since);
    this.stretches = [{ since: -Infinity, offset, peak: -Infinity }];
    for (let at = since; at < until; at = Math.min(at + STEP, until)) {
      const next = Math.min(at + STEP, until);
      const after = offsetAt(next);
      if (after === offset) continue;
      since = changeBetween(at, next, offsetAt);
      this.stretches.push({ since, offset: after, peak: Math.max(since + offset, this.stretches.at(-1)!.peak) });
      offset = after;
    }
  }

  /** The latest time that the clock has shown by then. */
  at(instant: number): number {
    const { offset, peak } = this.stretches.findLast(({ since }) => since <= instant)!;
    // Put back at two, the clock has come up to two, and not shown it yet.
    return Math.max(instant + offset, peak - 1);
  }

  /** When the clock first shows this time or a later one. */
  when(wall: number): number {
    const instants = this.stretches.map(({ since, offset }) => Math.max(since, wall - offset));
    return instants.find((instant, i) => instant < (this.stretches[i + 1]?.since ?? Infinity))!;
  }
}

/** The first instant of the new offset, given that it is the old one at `before` and the new one at `after`. */
function changeBetween(before: number, after: number, offsetAt: (at: number) => number): number {
  const old = offsetAt(before);
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (offsetAt(middle) === old) before = middle;
    else after = middle;
  }
  return after;
}

/** Hours of some days of the week. */
export interface WeeklyHours {
  /** Those on which they begin: 1 is Monday, 7 is Sunday. */
  days: readonly number[];
  /** `21:00` */
  from: string;
  /** Not included any more. Where it is not after `from`, on the day after: the same time twice is a whole day. */
  to: string;
}

/** Hours of the week, read once and asked often. */
export class Hours {
  private readonly stretches: { days: ReadonlySet<number>; begin: number; end: number }[];

  constructor(hours: readonly WeeklyHours[]) {
    this.stretches = hours.map(({ days, from, to }) => {
      const [begin, end] = [timeOfDay(from), timeOfDay(to)];
      return { days: new Set(days), begin, end: end > begin ? end : end + DAY };
    });
  }

  /** Whether there are any. */
  get isEmpty(): boolean {
    return this.stretches.length === 0;
  }

  /** @param wall a time on the wall */
  include(wall: number): boolean {
    const today = Math.floor(wall / DAY);
    const [now, day, yesterday] = [wall - today * DAY, weekday(today), weekday(today - 1)];
    return this.stretches.some(({ days, begin, end }) => (now >= begin && now < end && days.has(day)) || (now + DAY < end && days.has(yesterday)));
  }

  /** Times on the wall, of all between these two, at which they begin or end. In no order, and some beside them. */
  *changes(from: number, until: number): Generator<number> {
    for (let day = Math.floor(from / DAY) - 1; day * DAY <= until; day++) {
      for (const { days, begin, end } of this.stretches) {
        if (!days.has(weekday(day))) continue;
        yield day * DAY + begin;
        yield day * DAY + end;
      }
    }
  }
}

/** Of a day counted from the epoch, which was a Thursday. */
export const weekday = (day: number): number => ((((day + 3) % 7) + 7) % 7) + 1;

/** Milliseconds from midnight. @param time `21:00` */
export function timeOfDay(time: string): number {
  const [hours, minutes] = time.split(':').map(Number) as [number, number];
  return hours * HOUR + minutes * 60_000;
}
