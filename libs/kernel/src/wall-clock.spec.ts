import { expect, test } from '@jest/globals';
import { Hours, isTimeZone, WallClock } from './wall-clock.js';

const DAY = 86_400_000;
const wall = (text: string): number => Date.parse(`${text}Z`);
const clockAround = (zone: string, at: string): WallClock => new WallClock(zone, Date.parse(at) - DAY, Date.parse(at) + DAY);

test.each([
  ['skipped at two, so with the jump', 'Europe/Berlin', '2026-03-29T02:30', '2026-03-29T01:00:00.000Z'],
  ['after the jump', 'Europe/Berlin', '2026-03-29T03:00', '2026-03-29T01:00:00.000Z'],
  ['shown twice, so the first', 'Europe/Berlin', '2026-10-25T02:30', '2026-10-25T00:30:00.000Z'],
  ['the end of the hour that is shown twice', 'Europe/Berlin', '2026-10-25T03:00', '2026-10-25T02:00:00.000Z'],
  ['at midnight, which does not exist', 'Africa/Cairo', '2026-04-24T00:00', '2026-04-23T22:00:00.000Z'],
  ['put back by half an hour', 'Australia/Lord_Howe', '2026-04-05T01:45', '2026-04-04T14:45:00.000Z'],
  ['on a day that was left out', 'Pacific/Apia', '2011-12-30T12:00', '2011-12-30T10:00:00.000Z'],
  ['on any day', 'America/New_York', '2026-01-05T09:00', '2026-01-05T14:00:00.000Z'],
])('a time on the wall: %s', (_, zone, time, instant) => {
  expect(new Date(clockAround(zone, instant).when(wall(time))).toISOString()).toBe(instant);
});

test('what the clock has shown never goes back, and each time is reached when it says so', () => {
  for (const at of ['2026-03-29T01:00:00.000Z', '2026-10-25T01:00:00.000Z']) {
    const clock = clockAround('Europe/Berlin', at);
    let before = -Infinity;
    for (let instant = Date.parse(at) - DAY; instant <= Date.parse(at) + DAY; instant += 60_000) {
      const shown = clock.at(instant);
      expect(shown).toBeGreaterThanOrEqual(before);
      expect(clock.when(shown)).toBeLessThanOrEqual(instant);
      expect(clock.when(shown + 1)).toBeGreaterThan(instant);
      before = shown;
    }
  }
});

test('a zone that is not known is refused', () => {
  expect(() => new WallClock('Mars/Olympus_Mons', 0, 1)).toThrow('no time zone Mars/Olympus_Mons');
  expect(['Europe/Berlin', 'UTC', 'Mars/Olympus_Mons', ''].map(isTimeZone)).toEqual([true, true, false, false]);
});

const NIGHTS = [{ days: [1, 5], from: '22:00', to: '06:00' }];
const SUNDAY = [{ days: [7], from: '00:00', to: '00:00' }];

test.each([
  ['before they begin', NIGHTS, '2026-01-05T21:59', false],
  ['when they begin', NIGHTS, '2026-01-05T22:00', true],
  ['in the morning after', NIGHTS, '2026-01-06T05:59', true],
  ['when they are over', NIGHTS, '2026-01-06T06:00', false],
  ['in another night', NIGHTS, '2026-01-06T23:00', false],
  ['in the morning of a day on which they begin', NIGHTS, '2026-01-05T05:00', false],
  ['a whole day', SUNDAY, '2026-01-11T00:00', true],
  ['its last minute', SUNDAY, '2026-01-11T23:59', true],
  ['the next day', SUNDAY, '2026-01-12T00:00', false],
])('hours of the week: %s', (_, hours, at, expected) => {
  expect(new Hours(hours).include(wall(at))).toBe(expected);
});

test('hours of the week change when they begin and end, those of the night before included', () => {
  const changes = [...new Hours(NIGHTS).changes(wall('2026-01-06T01:00'), wall('2026-01-09T23:00'))].map((at) => new Date(at).toISOString().slice(0, 16));
  expect(changes).toEqual(expect.arrayContaining(['2026-01-06T06:00', '2026-01-09T22:00']));
});
