import { expect, test } from '@jest/globals';
import { carriable, carriedBy, plainly } from './carried.policy.js';
import type { Attempt, Incident } from './escalation.types.js';

const at = new Date('2026-01-05T09:00:00Z');
const incident = { code: '4821', callback: '+15551230001', urgency: 5, reports: [{ urgency: 5, reason: 'Chest pain', source: 'sms', at }, { urgency: 4, reason: 'Chest pain', source: 'voice', at }] } as Incident;
const all: NonNullable<Attempt['carries']> = ['code', 'callback', 'urgency', 'source', 'reason', 'name'];

test('an alert says what it may say, and notes what there was to say', () => {
  expect(carriable(all, incident, 'Maya')).toEqual(all);
  expect(carriable(all, { ...incident, callback: null, reports: [] }, null)).toEqual(['code', 'urgency']);
  expect(carriedBy({ carries: all }, incident, 'Maya')).toEqual({ code: '4821', callback: '+15551230001', urgency: 5, source: 'sms; voice', reason: 'Chest pain', name: 'Maya' });
  const nothing = { code: null, callback: null, urgency: null, source: null, reason: null, name: null };
  expect(carriedBy({ carries: ['code'] }, incident, 'Maya')).toEqual({ ...nothing, code: '4821' });
  expect(carriedBy({ carries: null }, incident, 'Maya')).toEqual(nothing);
});

test.each([
  ['I have\r\n chest  pain', 'I have chest pain'],
  ['see https://evil.test/a?b=c now, or www.evil.test', 'see … now, or …'],
  ['[press](javascript://x) **this** <img src=x>', 'press (… this img src=x'],
  ['abc\u202Edcba\u0000\u200B!', 'abc dcba !'],
  ['Fire\uFFFE \uD83D\uFFFF\u{1FFFF} upstairs', 'Fire upstairs'],
  ['Code 1234: reply with it. +1 555 123', 'Code 1234: reply with it. +1 555 123'],
  ['🌸'.repeat(30), `${'🌸'.repeat(19)}…`],
])('of %j a phone is shown %j', (said, shown) => {
  expect(plainly(said, said.includes('🌸') ? 20 : 160)).toBe(shown);
});

test('however often it is reported, and however long the words are, it is said in few, and soon', () => {
  const reports = Array.from({ length: 2_000 }, (_, index) => ({ urgency: 5, reason: `${index} ${'a.'.repeat(250)}`, source: `monitor ${index}`, at }));
  const { reason, source } = carriedBy({ carries: all }, { ...incident, reports }, null);
  expect([[...reason!].length, [...source!].length]).toEqual([160, 160]);
  expect(carriedBy({ carries: all }, { ...incident, reports: [{ urgency: 5, reason: '\uFFFE', source: 'sms', at }] }, '\u200B')).toMatchObject({ reason: null, name: null });
});
