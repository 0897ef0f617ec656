import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DateTime } from 'luxon';
import { nextTime } from './rhythm.policy.js';

const weekly = { timeZone: 'Europe/Berlin', day: 2, time: '10:30', everyWeeks: 1 };
const next = (rhythm: typeof weekly, after: string, anchor?: number): string => nextTime(rhythm, new Date(after), anchor).at.toISOString();

test.each<[string, typeof weekly, string, string]>([
  ['later this week', weekly, '2026-01-05T09:00:00Z', '2026-01-06T09:30:00.000Z'],
  ['on the day, before', weekly, '2026-01-06T09:29:59.999Z', '2026-01-06T09:30:00.000Z'],
  ['on the day, just then: the next one', weekly, '2026-01-06T09:30:00Z', '2026-01-13T09:30:00.000Z'],
  ['the clocks have changed meanwhile', weekly, '2026-03-25T09:30:00Z', '2026-03-31T08:30:00.000Z'],
  ['a time that the night does not have comes with the jump', { ...weekly, day: 7, time: '02:30' }, '2026-03-28T00:00:00Z', '2026-03-29T01:00:00.000Z'],
  ['a time that the night has twice comes first', { ...weekly, day: 7, time: '02:30' }, '2026-10-24T00:00:00Z', '2026-10-25T00:30:00.000Z'],
  ['it is Tuesday there already', { ...weekly, timeZone: 'Pacific/Auckland', time: '00:10' }, '2026-01-05T11:00:00Z', '2026-01-05T11:10:00.000Z'],
])('%s', (_, rhythm, after, expected) => {
  expect(next(rhythm, after)).toBe(expected);
});

test('whatever the zone and the rhythm, each follows the last by so many weeks, at its day and time on the wall', () => {
  const rhythms = fc.record({
    timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kathmandu'), day: fc.integer({ min: 1, max: 7 }),
    time: fc.tuple(fc.integer({ min: 4, max: 23 }), fc.integer({ min: 0, max: 59 })).map((parts) => parts.map((part) => String(part).padStart(2, '0')).join(':')), everyWeeks: fc.integer({ min: 1, max: 8 }),
  });
  fc.assert(fc.property(rhythms, fc.date({ min: new Date('2025-01-01'), max: new Date('2030-01-01'), noInvalidDate: true }), (rhythm, start) => {
    const { at, week } = nextTime(rhythm, start);
    let last = DateTime.fromJSDate(at).setZone(rhythm.timeZone);
    expect(at.getTime() - start.getTime()).toBeLessThanOrEqual(7 * 86_400_000 + 3_600_000);
    for (let i = 0; i < 6; i++) {
      expect([last.weekday, last.toFormat('HH:mm')]).toEqual([rhythm.day, rhythm.time]);
      const following = DateTime.fromJSDate(nextTime(rhythm, last.toJSDate(), week).at).setZone(rhythm.timeZone);
      expect(following.toISO()).toBe(last.plus({ weeks: rhythm.everyWeeks }).toISO());
      last = following;
    }
  }));
});
