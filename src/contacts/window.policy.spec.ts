import { expect, test } from '@jest/globals';
import { windowAt } from './window.policy.js';

const WROTE = new Date('2026-01-05T09:00:00Z');
const CLOSES = '2026-01-06T08:55:00.000Z';

test.each([
  ['at once', '2026-01-05T09:00:00Z', 'open'],
  ['a moment before the last hour', '2026-01-06T07:54:59.999Z', 'open'],
  ['when an hour is left', '2026-01-06T07:55:00Z', 'closing'],
  ['in the last moment', '2026-01-06T08:54:59.999Z', 'closing'],
  ['five minutes before WhatsApp closes', '2026-01-06T08:55:00Z', 'closed'],
  ['days later', '2026-01-09T09:00:00Z', 'closed'],
  ['before they wrote, by a clock that was set back', '2026-01-05T08:00:00Z', 'open'],
])('%s', (_when, now, state) => {
  const window = windowAt(WROTE, new Date(now));
  expect([window.state, window.closesAt?.toISOString()]).toEqual([state, CLOSES]);
});

test('for somebody who never wrote it never opened', () => {
  expect(windowAt(null, WROTE)).toEqual({ state: 'closed', closesAt: null });
});
