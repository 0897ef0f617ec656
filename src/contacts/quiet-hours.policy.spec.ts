import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { quietUntil } from './quiet-hours.policy.js';

const NIGHT = { from: '21:00', to: '08:00' };
const until = (now: string, hours = NIGHT, zone = 'Europe/Berlin'): string | null => quietUntil(new Date(now), hours, zone)?.toISOString() ?? null;

test.each([
  ['before they begin', '2026-01-05T19:59:59.999Z', null],
  ['at their first minute', '2026-01-05T20:00:00.000Z', '2026-01-06T07:00:00.000Z'],
  ['after midnight', '2026-01-06T03:17:42.500Z', '2026-01-06T07:00:00.000Z'],
  ['in their last moment', '2026-01-06T06:59:59.999Z', '2026-01-06T07:00:00.000Z'],
  ['when they are over', '2026-01-06T07:00:00.000Z', null],
  ['in the night that loses an hour', '2026-03-28T22:00:00.000Z', '2026-03-29T06:00:00.000Z'],
  ['in the night that has an hour twice', '2026-10-24T22:00:00.000Z', '2026-10-25T07:00:00.000Z'],
])('%s', (_, now, end) => {
  expect(until(now)).toBe(end);
});

test('an end that the clocks jump over comes with the jump', () => {
  expect(until('2026-03-29T00:15:00.000Z', { from: '22:00', to: '02:30' })).toBe('2026-03-29T01:00:00.000Z');
});

test('an end that comes twice is the first, and between the two it is quiet again', () => {
  const hours = { from: '22:00', to: '02:30' };
  expect(until('2026-10-25T00:15:00.000Z', hours)).toBe('2026-10-25T00:30:00.000Z');
  expect(until('2026-10-25T00:45:00.000Z', hours)).toBeNull();
  expect(until('2026-10-25T01:15:00.000Z', hours)).toBe('2026-10-25T01:30:00.000Z');
});

test('quiet hours within a day, and none at all', () => {
  expect(until('2026-01-05T12:30:00.000Z', { from: '13:00', to: '15:00' })).toBe('2026-01-05T14:00:00.000Z');
  expect(until('2026-01-05T22:00:00.000Z', { from: '21:00', to: '21:00' })).toBeNull();
});

const ZONES = [
  'UTC', 'Europe/Berlin', 'Europe/London', 'America/New_York', 'America/Sao_Paulo', 'America/St_Johns', 'Australia/Lord_Howe', 'Pacific/Apia',
  'Asia/Kathmandu', 'Pacific/Chatham', 'Africa/Casablanca', 'America/Santiago', 'Asia/Beirut', 'Africa/Cairo',
];
const MINUTE = 60_000;
const STARTS = [2026, 2027].flatMap((year) => Array.from({ length: 12 }, (_, month) => Date.UTC(year, month, 1)));

const formats = new Map<string, Intl.DateTimeFormat>();
/** `07:59` on the wall, by the platform's own calendar. */
function wall(at: number, zone: string): string {
  const format = formats.get(zone) ?? new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  formats.set(zone, format);
  return format.format(at);
}

/** Looks at the wall every minute until it is not quiet. */
function naive(now: Date, { from, to }: typeof NIGHT, zone: string): Date | null {
  const quiet = (at: number): boolean => {
    const time = wall(at, zone);
    return from <= to ? time >= from && time < to : time >= from || time < to;
  };
  if (!quiet(now.getTime())) return null;
  let at = Math.floor(now.getTime() / MINUTE) * MINUTE;
  while (quiet(at)) at += MINUTE;
  return new Date(at);
}

/** The days around each change of the clocks, in which mistakes live, as well as any other. */
const instants = fc.oneof(
  fc.integer({ min: STARTS[0]!, max: STARTS.at(-1)! }),
  fc.tuple(fc.constantFrom('2026-03-29T01:00Z', '2026-10-25T01:00Z', '2026-03-08T07:00Z', '2026-11-01T06:00Z', '2026-04-04T15:00Z', '2026-10-03T15:30Z', '2026-09-06T04:00Z', '2026-03-29T00:00Z', '2026-04-24T22:00Z'),
    fc.integer({ min: -26 * 60, max: 26 * 60 })).map(([change, minutes]) => new Date(change).getTime() + minutes * MINUTE),
);
const time = fc.integer({ min: 0, max: 1_439 }).map((minutes) => `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`);

test('whatever the zone, the hours and the change of clocks, it is what somebody reads who watches the clock on the wall', () => {
  fc.assert(fc.property(instants, fc.integer({ min: 0, max: 59_999 }), fc.constantFrom(...ZONES), fc.record({ from: time, to: time }), (minute, rest, zone, hours) => {
    const now = new Date(Math.floor(minute / MINUTE) * MINUTE + rest);
    expect([zone, hours, now, quietUntil(now, hours, zone)]).toEqual([zone, hours, now, naive(now, hours, zone)]);
  }), { numRuns: 400 });
});
