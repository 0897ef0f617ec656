import { expect, test } from '@jest/globals';
import { Seats } from './seats.js';

test('so many at once, so many of one, and whoever leaves makes room', () => {
  const seats = new Seats(3, 2);
  expect(['ada', 'ada', 'ada', 'bo', 'cy'].map((who) => seats.take(who))).toEqual([true, true, false, true, false]);
  seats.leave('bo');
  seats.leave('bo');
  expect([seats.take('ada'), seats.take('cy'), seats.take('bo')]).toEqual([false, true, false]);
});
