import { expect, test } from '@jest/globals';
import { FixedClock, ShiftableClock } from './clock.js';

test('a fixed clock stands still until it is moved', () => {
  const clock = new FixedClock(new Date('2026-03-01T08:00:00.000Z'));
  expect([clock.now(), clock.now()].map((now) => now.toISOString())).toEqual(['2026-03-01T08:00:00.000Z', '2026-03-01T08:00:00.000Z']);
  clock.forward(90_000);
  expect(clock.now().toISOString()).toBe('2026-03-01T08:01:30.000Z');
  expect(clock.ms()).toBe(Date.parse('2026-03-01T08:01:30.000Z'));
});

test('what somebody does to a date that the clock gave out does not move the clock', () => {
  const clock = new FixedClock();
  const before = clock.ms();
  clock.now().setFullYear(1999);
  expect(clock.ms()).toBe(before);
});

test('an instant from now may lie behind or ahead', () => {
  const clock = new FixedClock(new Date('2026-03-01T08:00:00.000Z'));
  expect(clock.in(1_000).toISOString()).toBe('2026-03-01T08:00:01.000Z');
  expect(clock.in(-1_000).toISOString()).toBe('2026-03-01T07:59:59.000Z');
});

test('a shiftable clock is the wall clock and what was added to it', () => {
  const clock = new ShiftableClock();
  expect(clock.offset).toBe(0);
  const before = Date.now();
  clock.forward(3_600_000);
  clock.forward(0);
  clock.forward(1);
  expect(clock.offset).toBe(3_600_001);
  expect(clock.ms()).toBeGreaterThanOrEqual(before + 3_600_001);
  expect(clock.ms()).toBeLessThanOrEqual(Date.now() + 3_600_001);
});

test.each([-1, Number.NaN, -Infinity])('time is not moved by %d milliseconds', (ms) => {
  const clock = new ShiftableClock();
  expect(() => clock.forward(ms)).toThrow(RangeError);
  expect(clock.offset).toBe(0);
});
