import { expect, test } from '@jest/globals';
import { FixedClock } from '@throughline/kernel/clock.js';
import fc from 'fast-check';
import { jobCatalog, jobNames } from './job-catalog.js';
import { backoff, JobRunner, workerOptions } from './job-runner.js';
import { jobId } from './relay.js';

const runner = (): JobRunner => new JobRunner(new FixedClock(), undefined as never);

test('a hub in which a job has nobody to work on it does not start, and says which', () => {
  const present = runner();
  for (const name of jobNames.filter((name) => name !== 'delivery.send' && name !== 'inbox.receive')) present.register(name);
  expect(() => present.assertComplete()).toThrow('No processor for: inbox.receive, delivery.send.');
  present.register('delivery.send');
  present.register('inbox.receive');
  expect(() => present.assertComplete()).not.toThrow();
});

test('two processors for one job are one too many', () => {
  const present = runner();
  present.register('assistant.turn');
  expect(() => present.register('assistant.turn')).toThrow('Two processors want the job assistant.turn.');
});

test.each([
  [1, 1_000, 0, 500, 1_000], [2, 1_000, 0, 1_000, 2_000], [3, 1_000, 0, 2_000, 4_000], [9, 1_000, 0, 128_000, 256_000],
  [10, 1_000, 0, 150_000, 300_000], [500, 1_000, 0, 150_000, 300_000], [1, 5_000, 0, 2_500, 5_000], [0, 1_000, 0, 500, 1_000],
  [1, 1_000, 7_000, 7_000, 7_000], [1, 1_000, 700, 700, 1_000], [10, 1_000, 600_000, 600_000, 600_000],
])('after %d failures, with a first wait of %d ms and asked to wait %d ms, it waits %d to %d ms', (failures, first, asked, least, most) => {
  expect(backoff(failures, first, asked, () => 0)).toBe(least);
  expect(backoff(failures, first, asked, () => 1)).toBe(most);
});

test('no wait is shorter than was asked for, and without that none is longer than five minutes', () => {
  const cases = fc.tuple(fc.integer({ min: 0, max: 1_000_000 }), fc.integer({ min: 1, max: 60_000 }), fc.integer({ min: 0, max: 86_400_000 }), fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }));
  fc.assert(fc.property(cases, ([failures, first, asked, luck]) => {
    const wait = backoff(failures, first, asked, () => luck);
    expect(wait).toBeGreaterThanOrEqual(asked);
    expect(wait).toBeLessThanOrEqual(Math.max(asked, 300_000));
    expect(wait).toBeGreaterThan(0);
  }));
});

test('no job of the catalogue is given away while its lock still holds', () => {
  for (const name of jobNames) {
    const { lockDuration, concurrency } = workerOptions(name);
    expect([name, jobCatalog[name].visibilityMs > lockDuration!, concurrency]).toEqual([name, true, jobCatalog[name].concurrency]);
  }
});

test('a new generation is another job to the queue, and an id that it takes', () => {
  const id = '01991c2e-8f00-7c11-9a5e-2f4b6c8d0e1f';
  expect([jobId({ id, generation: 0 }), jobId({ id, generation: 1 })]).toEqual([`${id}--0`, `${id}--1`]);
  expect(jobId({ id, generation: 0 })).not.toContain(':');
});
