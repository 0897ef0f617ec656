import { expect, test } from '@jest/globals';
import type { Sender } from '../tenancy/tenancy.types.js';
import { catchUpSince, caughtUpTo, isGivenUp } from './catch-up.policy.js';

const NOON = Date.parse('2026-01-05T12:00:00Z');
const minutes = (count: number): Date => new Date(NOON + count * 60_000);
const since = (origin: Sender['origin'], createdAt: Date, caughtUpUntil: Date | null, now: Date): number =>
  (catchUpSince({ origin, createdAt, caughtUpUntil }, now).getTime() - NOON) / 60_000;

test.each<[string, Sender['origin'], Date | null, number, number]>([
  ['registered by its first webhook: that one may not have been the first', 'webhook', null, 5, -10],
  ['named by the operator: what came before it was named is not ours', 'api', null, 5, 0],
  ['named by the operator, in the next round', 'api', minutes(5), 10, 0],
  ['named by the operator, later on: over the end of the round before', 'api', minutes(60), 65, 50],
  ['registered by a webhook, after five days away: three days', 'webhook', minutes(0), 5 * 1_440, 2 * 1_440],
  ['named by the operator, after five days away: three days', 'api', minutes(0), 5 * 1_440, 2 * 1_440],
])('%s', (_, origin, caughtUpUntil, now, expected) => {
  expect(since(origin, minutes(0), caughtUpUntil, minutes(now))).toBe(expected);
});

const ago = (minutes: number): Date => new Date(NOON - minutes * 60_000);

test.each([
  ['all went well', [], new Date(NOON)],
  ['one failed: it is asked for again', [ago(30)], ago(30)],
  ['several failed: the oldest counts', [ago(50), ago(30)], ago(50)],
  ['one fails for more than a day: the others go on', [ago(60 * 25)], new Date(NOON)],
  ['it holds nobody else up, but nobody else is forgotten for it', [ago(60 * 25), ago(30)], ago(30)],
])('the mark after a round in which %s', (_what, failed, mark) => {
  expect(caughtUpTo(failed, new Date(NOON))).toEqual(mark);
});

test('a text is given up after a day', () => {
  expect([isGivenUp(ago(60 * 23), new Date(NOON)), isGivenUp(ago(60 * 25), new Date(NOON))]).toEqual([false, true]);
});
