import { expect, test } from '@jest/globals';
import { FixedClock } from '@throughline/kernel/clock.js';
import { ApiLimits } from './api.limits.js';

const clock = new FixedClock();
const takeAll = (limits: ApiLimits, key: string): number => {
  for (let taken = 0; ; taken += 1) {
    try {
      limits.take(key);
    } catch (error) {
      expect(error).toMatchObject({ kind: 'too_many', retryable: true, retryAfterMs: 20 });
      return taken;
    }
  }
};

test('a hundred at once, then fifty a second, each token on its own', () => {
  const limits = new ApiLimits(clock);
  expect(takeAll(limits, 'a')).toBe(100);
  expect(takeAll(limits, 'b')).toBe(100);
  clock.forward(1_000);
  expect(takeAll(limits, 'a')).toBe(50);
  clock.forward(3_600_000);
  expect(takeAll(limits, 'a')).toBe(100);
});
