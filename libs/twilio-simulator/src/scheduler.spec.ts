import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { FixedClock } from '@throughline/kernel/clock.js';
import { Scheduler } from './scheduler.js';

let clock: FixedClock;
let scheduler: Scheduler;

beforeEach(() => {
  clock = new FixedClock();
  scheduler = new Scheduler(clock);
});
afterEach(() => scheduler.close());

test('things happen in the order of their times, and of two at one time the older first', () => {
  const done: string[] = [];
  const start = clock.ms();
  for (const [name, after] of [['c', 30], ['a', 10], ['b', 20], ['b2', 20], ['d', 40]] as const) scheduler.at(
    start + after, 'later', () => done.push(name),
  );
  clock.forward(35);
  scheduler.runDue();
  expect(done).toEqual(['a', 'b', 'b2', 'c']);
  expect([scheduler.underWay, scheduler.later]).toEqual([0, 1]);
});

test('a leap of the clock tells each step when it was due, and steps that follow from steps happen within it', () => {
  const start = clock.ms();
  const times: number[] = [];
  const step = (at: number): void => {
    times.push(at - start);
    if (times.length < 4) scheduler.at(at + 10, 'walk', step);
  };
  scheduler.at(start + 10, 'walk', step);
  clock.forward(3_600_000);
  expect(scheduler.underWay).toBe(1);
  scheduler.runDue();
  expect(times).toEqual([10, 20, 30, 40]);
  expect(scheduler.underWay).toBe(0);
});
