import { expect, test } from '@jest/globals';
import { TurnWatch } from './turn.watch.js';

const limits = { wholeMs: 60_000, checkEveryMs: 1, toolRounds: 4 };
const aborted = (watch: TurnWatch): Promise<unknown> =>
  new Promise((resolve) => watch.signal.addEventListener('abort', resolve, { once: true }));

test('goes on while the turn is the current one', async () => {
  const watch = new TurnWatch(async () => true, limits);
  expect(await watch.goesOn()).toBe(true);
  expect(watch.stopped).toBeUndefined();
  watch.stop();
});

test('stops by itself when the turn is no longer wanted', async () => {
  const watch = new TurnWatch(async () => false, limits);
  await aborted(watch);
  expect(watch.stopped).toBe('stale');
  expect(await watch.goesOn()).toBe(false);
});

test('stops when the time is up, and keeps the first reason', async () => {
  const watch = new TurnWatch(async () => false, { ...limits, wholeMs: 1, checkEveryMs: 60_000 });
  await aborted(watch);
  expect(await watch.goesOn()).toBe(false);
  expect(watch.stopped).toBe('too_long');
});

test('a look that fails does not stop the turn; asking outright does say so', async () => {
  let looks = 0;
  const failing = new Error('no database');
  const watch = new TurnWatch(async () => {
    looks += 1;
    if (looks < 3) throw failing;
    return false;
  }, limits);
  await aborted(watch);
  expect(looks).toBe(3);
  const outright = new TurnWatch(async () => { throw failing; }, { ...limits, checkEveryMs: 60_000 });
  await expect(outright.goesOn()).rejects.toBe(failing);
  outright.stop();
});
