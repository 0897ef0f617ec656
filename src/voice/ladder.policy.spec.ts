import { expect, test } from '@jest/globals';
import { below, firstRung, type LineEnd, nextRung, type Rung } from './ladder.policy.js';

test.each([
  [null, true, 'relay'], ['assistant', true, 'relay'], ['closed', true, 'relay'], ['queued', true, 'voicemail'], ['staff', true, 'voicemail'],
  ['specialist', true, 'voicemail'], ['assistant', false, 'voicemail'], [null, false, 'voicemail'],
] as const)('a caller whose conversation belongs to %s, the assistant switched on: %s, comes to %s', (owner, isEnabled, rung) => {
  expect(firstRung({ owner, isEnabled, engine: 'relay', tries: 1 })).toBe(rung);
});

test('a caller for whom sockets were asked often enough leaves a message, also where they begin anew', () => {
  expect([5, 6].map((tries) => firstRung({ owner: 'assistant', isEnabled: true, engine: 'realtime', tries }))).toEqual(['realtime', 'voicemail']);
});

const failed = (errorCode?: string, engine: LineEnd['engine'] = 'relay'): LineEnd => ({ engine, status: 'failed', errorCode, next: null });
const ended = (next: LineEnd['next'], engine: LineEnd['engine'] = 'relay'): LineEnd => ({ engine, status: 'ended', errorCode: undefined, next });

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
  ['ended for somebody else who answers', 'talking', 1, 1, ended('lower'), 'gather'],
  ['of the realtime engine and never opened', 'ringing', 0, 1, failed(undefined, 'realtime'), 'relay'],
  ['of the realtime engine and broke once', 'lost', 1, 1, failed(undefined, 'realtime'), 'realtime'],
  ['of the realtime engine and ended for somebody else who answers', 'talking', 2, 2, ended('lower', 'realtime'), 'relay'],
] as const)('a socket that was %s leads on', (_, state, sessions, tries, end, rung) => {
  expect(nextRung({ state, sessions }, tries, end)).toBe(rung);
});

test.each(['relay', 'realtime', 'vapi'] as const)('a number of the engine %s brings its callers to it, and down to somebody who needs no engine', (engine) => {
  expect(firstRung({ owner: null, isEnabled: true, engine, tries: 0 })).toBe(engine);
  const ways: Rung[] = [engine];
  for (let at = engine; ;) {
    const next = below(at);
    ways.push(next);
    if (next === 'gather') break;
    at = next as typeof at;
  }
  expect(new Set(ways).size).toBe(ways.length);
});
