import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { gapsBetween, onCallAt, shiftsBetween } from './oncall.policy.js';
import type { Cover, Layer, Override, Roster } from './oncall.types.js';

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
const [FROM, UNTIL] = [Date.UTC(2016, 0, 1), Date.UTC(2026, 0, 1)];
/** Changes of half an hour, at midnight, twice a year for Ramadan, of the standard time, none at all; and many others. */
const REMARKABLE = [
  'Australia/Lord_Howe', 'Africa/Casablanca', 'Asia/Gaza', 'Africa/Cairo', 'America/St_Johns', 'Pacific/Chatham', 'Antarctica/Troll', 'Asia/Pyongyang', 'Europe/Istanbul',
  'America/Caracas', 'Europe/Volgograd', 'America/Sao_Paulo', 'Asia/Amman', 'Asia/Beirut', 'America/Asuncion', 'Pacific/Apia', 'Africa/Juba', 'Asia/Kathmandu', 'Europe/Dublin', 'UTC',
];
const ZONES = [...new Set([...REMARKABLE, ...Intl.supportedValuesOf('timeZone').filter((_, i) => i % 4 === 1)])].slice(0, 100);

/** Somebody who looks at the clock on the wall every minute, and remembers the latest time that it has shown. */
class Watcher {
  private readonly wall: Intl.DateTimeFormat;
  private readonly next: { at: Date; count: number }[];
  private seen = '';

  constructor(private readonly roster: Roster) {
    const two = '2-digit';
    this.wall = new Intl.DateTimeFormat('sv-SE', { timeZone: roster.timeZone, year: 'numeric', month: two, day: two, hour: two, minute: two, hourCycle: 'h23' });
    this.next = roster.layers.map(({ startsAt }) => ({ at: new Date(`${startsAt}Z`), count: -1 }));
  }

  whoAt(ms: number): string[] {
    const shown = this.wall.format(ms).replace(' ', 'T');
    if (shown > this.seen) this.seen = shown;
    const cover = this.roster.covers.filter((each) => +each.from <= ms && ms < +each.until).pop();
    if (cover) return cover.staff;
    let staff = this.byLayers();
    for (const { remove, add } of this.roster.overrides.filter((each) => +each.from <= ms && ms < +each.until)) {
      if (!remove) staff.push(add!);
      else if (staff.includes(remove)) staff = staff.map((each) => (each === remove ? add : each)).filter((each) => each !== null);
    }
    return staff.filter((each, i) => staff.indexOf(each) === i);
  }

  private byLayers(): string[] {
    const groups = this.roster.layers.map((layer, i) => ({ level: layer.level, staff: this.group(layer, this.next[i]!) })).filter(({ staff }) => staff.length > 0);
    const top = Math.max(...groups.map(({ level }) => level));
    return groups.filter(({ level }) => level === top).flatMap(({ staff }) => staff);
  }

  private group(layer: Layer, next: { at: Date; count: number }): string[] {
    while (next.at.toISOString().slice(0, 16) <= this.seen) {
      next.count += 1;
      if (layer.unit === 'hours') next.at.setUTCHours(next.at.getUTCHours() + layer.every);
      else next.at.setUTCDate(next.at.getUTCDate() + layer.every * (layer.unit === 'weeks' ? 7 : 1));
    }
    const isOver = layer.endsAt !== null && this.seen >= layer.endsAt;
    return next.count < 0 || isOver || !this.isWithin(layer) ? [] : layer.rotation[next.count % layer.rotation.length]!;
  }

  private isWithin({ hours }: Layer): boolean {
    const time = this.seen.slice(11);
    const today = new Date(`${this.seen.slice(0, 10)}T00:00Z`).getUTCDay() || 7;
    const yesterday = today === 1 ? 7 : today - 1;
    return hours.length === 0 || hours.some(({ days, from, to }) =>
      (from < to ? days.includes(today) && time >= from && time < to : (days.includes(today) && time >= from) || (days.includes(yesterday) && time < to)));
  }
}

/** Instants of ten years at which the clocks of a zone are changed, and some at which nothing happens. */
function momentsOf(zone: string): number[] {
  const wall = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  const offset = (at: number): string => wall.format(at).split(', ')[1]!;
  const moments = [FROM + 100 * DAY + HOUR * 7, FROM + 2_000 * DAY];
  for (let at = FROM; at < UNTIL; at += 7 * DAY) {
    if (offset(at) === offset(at + 7 * DAY)) continue;
    let [before, after] = [at, at + 7 * DAY];
    while (after - before > MINUTE) {
      const middle = Math.floor((before + after) / 2 / MINUTE) * MINUTE;
      if (offset(middle) === offset(at)) before = middle;
      else after = middle;
    }
    moments.push(after);
  }
  return moments;
}

const two = (n: number): string => String(n).padStart(2, '0');
/** Mostly at night, when clocks are changed. */
const time = fc.tuple(fc.oneof(fc.integer({ min: 0, max: 4 }), fc.integer({ min: 0, max: 23 })), fc.constantFrom(0, 0, 30, 59, 1)).map(([hour, minute]) => `${two(hour)}:${two(minute)}`);
const person = fc.constantFrom('ada', 'ben', 'cleo', 'dan');
const days = fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 });
const layer = fc.record({
  level: fc.integer({ min: 0, max: 2 }), daysBefore: fc.integer({ min: -1, max: 40 }), startsAt: time, endsIn: fc.option(fc.integer({ min: 0, max: 2 })), every: fc.integer({ min: 1, max: 6 }),
  unit: fc.constantFrom('hours' as const, 'days' as const, 'weeks' as const), rotation: fc.array(fc.uniqueArray(person, { maxLength: 2 }), { minLength: 1, maxLength: 4 }),
  hours: fc.array(fc.record({ days, from: time, to: time }), { maxLength: 2 }),
});
const stretch = fc.record({ from: fc.integer({ min: -150, max: 150 }), minutes: fc.integer({ min: 1, max: 120 }) });
const shape = fc.record({
  layers: fc.array(layer, { maxLength: 3 }),
  overrides: fc.array(fc.record({ stretch, who: fc.oneof(fc.record({ remove: person, add: fc.option(person) }), fc.record({ remove: fc.constant(null), add: person })) }), { maxLength: 3 }),
  covers: fc.array(fc.record({ stretch, staff: fc.uniqueArray(person, { minLength: 1, maxLength: 2 }) }), { maxLength: 2 }),
});
type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never;

function rosterAt(moment: number, timeZone: string, { layers, overrides, covers }: Shape): Roster {
  const between = ({ from, minutes }: { from: number; minutes: number }): Pick<Cover, 'from' | 'until'> =>
    ({ from: new Date(moment + from * MINUTE), until: new Date(moment + (from + minutes) * MINUTE) });
  const day = (n: number): string => new Date(moment + n * DAY).toISOString().slice(0, 11);
  return {
    timeZone,
    layers: layers.map(({ daysBefore, startsAt, endsIn, ...rest }) => ({ ...rest, name: 'any', startsAt: day(-daysBefore) + startsAt, endsAt: endsIn === null ? null : day(endsIn) + startsAt })),
    overrides: overrides.map(({ stretch, who }): Override => ({ ...between(stretch), ...who })),
    covers: covers.map(({ stretch, staff }) => ({ ...between(stretch), staff })),
  };
}

test.each(ZONES)('who is on call in %s is who somebody with an eye on the clock says, whenever the clocks were changed in ten years', (zone) => {
  const moments = momentsOf(zone);
  fc.assert(fc.property(fc.constantFrom(...moments), shape, (moment, shape) => {
    const roster = rosterAt(moment, zone, shape);
    const [start, end] = [moment - 90 * MINUTE, moment + 120 * MINUTE];
    const watcher = new Watcher(roster);
    const shifts = shiftsBetween(roster, new Date(start), new Date(end));
    const gaps = gapsBetween(roster, new Date(start), new Date(end));
    expect([shifts[0]!.from, shifts.at(-1)!.until]).toEqual([new Date(start), new Date(end)]);
    for (let [at, i] = [start, 0]; at < end; at += MINUTE) {
      while (+shifts[i]!.until <= at) i += 1;
      const staff = watcher.whoAt(at);
      if (staff.join() !== shifts[i]!.staff.join()) expect([new Date(at), shifts[i]!.staff]).toEqual([new Date(at), staff]);
      if (at === +shifts[i]!.from) expect(onCallAt(roster, new Date(at)).staff).toEqual(staff);
      if ((staff.length === 0) !== gaps.some(({ from, until }) => +from <= at && at < +until)) throw new Error(`a gap at ${new Date(at).toISOString()}?`);
    }
  }), { numRuns: moments.length, seed: 20_260_105 + ZONES.indexOf(zone) });
});
