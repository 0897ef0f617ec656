import { expect, test } from '@jest/globals';
import { firstRung, nextRung, type SocketEnd } from './ladder.policy.js';

test.each([
  [null, true, 'relay'], ['assistant', true, 'relay'], ['closed', true, 'relay'], ['queued', true, 'voicemail'], ['staff', true, 'voicemail'],
  ['specialist', true, 'voicemail'], ['assistant', false, 'voicemail'], [null, false, 'voicemail'],
] as const)('a caller whose conversation belongs to %s, the assistant switched on: %s, comes to %s', (owner, isEnabled, rung) => {
  expect(firstRung({ owner, isEnabled })).toBe(rung);
});

const failed = (errorCode?: string): SocketEnd => ({ status: 'failed', errorCode, next: null });
const ended = (next: SocketEnd['next']): SocketEnd => ({ status: 'ended', errorCode: undefined, next });

test.each([
  ['never opened', 'ringing', 0, 1, failed('64102'), 'gather'],
  ['never opened, for whatever reason', 'ringing', 0, 1, failed('31337'), 'gather'],
  ['broken once', 'lost', 1, 1, failed('39001'), 'relay'],
  ['broken twice', 'lost', 2, 2, failed('39001'), 'relay'],
  ['broken three times', 'lost', 3, 3, failed('39001'), 'voicemail'],
  ['broken, and not to be opened again', 'lost', 1, 2, failed('64102'), 'gather'],
  ['failing in a way that we do not know, again and again', 'lost', 1, 6, failed('1'), 'voicemail'],
  ['ended for voicemail', 'talking', 1, 1, ended('voicemail'), 'voicemail'],
  ['ended with a goodbye', 'talking', 1, 1, ended('hang_up'), 'hang_up'],
  ['ended, and nobody said what next', 'talking', 1, 1, ended(null), 'voicemail'],
] as const)('a socket that was %s leads on', (_, state, sessions, tries, end, rung) => {
  expect(nextRung({ state, sessions }, tries, end)).toBe(rung);
});
