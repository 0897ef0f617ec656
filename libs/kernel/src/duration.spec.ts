import { expect, test } from '@jest/globals';
import { duration } from './duration.js';

test.each([
  ['0ms', 0], ['250ms', 250], ['90s', 90_000], ['1.5s', 1_500], ['15m', 900_000], ['24h', 86_400_000], ['2d', 172_800_000], [' 3s ', 3_000],
])('%j is %d milliseconds', (text, ms) => {
  expect(duration(text)).toBe(ms);
});

test.each(['', '15', 'm', '-1s', '1 s', '1e3s', '1.s', '.5s', '10S', '1w', '1h30m', '15 minutes', 'Infinitys'])('%j is refused, with examples', (text) => {
  expect(() => duration(text)).toThrow(/is not a duration: write 250ms, 90s, 15m, 24h or 2d/);
});
