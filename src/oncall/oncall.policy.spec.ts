import { expect, test } from '@jest/globals';
import { gapsBetween, onCallAt, shiftsBetween } from './oncall.policy.js';
import type { Layer, Roster } from './oncall.types.js';

const layer = (more: Partial<Layer>): Layer =>
  ({ name: 'first', level: 0, startsAt: '2026-01-05T09:00', endsAt: null, every: 1, unit: 'weeks', rotation: [['ada'], ['ben']], hours: [], ...more });
const roster = (layers: Partial<Layer>[], more: Partial<Roster> = {}): Roster =>
  ({ timeZone: 'Europe/Berlin', layers: layers.map(layer), overrides: [], covers: [], ...more });
const who = (of: Roster, at: string): string => onCallAt(of, new Date(at)).staff.join(' ');
/** `from who` of each shift. */
const shifts = (of: Roster, from: string, until: string): string[] =>
  shiftsBetween(of, new Date(from), new Date(until)).map((shift) => `${shift.from.toISOString().slice(5, 16)} ${shift.staff.join('+') || '-'}`);
const during = (from: string, until: string): { from: Date; until: Date } => ({ from: new Date(from), until: new Date(until) });

test.each<[string, Partial<Layer>, string, string]>([
  ['before the first hand-off nobody is', {}, '2026-01-05T07:59:59Z', ''],
  ['the first of the rotation begins', {}, '2026-01-05T08:00:00Z', 'ada'],
  ['until the hand-off, a week later at the same time', {}, '2026-01-12T07:59:59Z', 'ada'],
  ['then the next', {}, '2026-01-12T08:00:00Z', 'ben'],
  ['and from the beginning', {}, '2026-01-19T08:00:00Z', 'ada'],
  ['summer or winter, the hand-off is at nine', {}, '2026-04-06T06:59:59Z', 'ada'],
  ['summer or winter, the hand-off is at nine', {}, '2026-04-06T07:00:00Z', 'ben'],
  ['every two days', { every: 2, unit: 'days' }, '2026-01-07T08:00:00Z', 'ben'],
  ['every twelve hours', { every: 12, unit: 'hours' }, '2026-01-05T20:00:00Z', 'ben'],
  ['two at once', { rotation: [['ada', 'ben']] }, '2026-02-05T08:00:00Z', 'ada ben'],
  ['nobody, on purpose', { rotation: [['ada'], []] }, '2026-01-12T08:00:00Z', ''],
  ['over', { endsAt: '2026-01-06T09:00' }, '2026-01-06T08:00:00Z', ''],
  ['outside of its hours', { hours: [{ days: [1, 2, 3, 4, 5], from: '17:00', to: '09:00' }] }, '2026-01-06T12:00:00Z', ''],
  ['in its hours', { hours: [{ days: [1, 2, 3, 4, 5], from: '17:00', to: '09:00' }] }, '2026-01-10T07:59:00Z', 'ada'],
])('%s', (_, more, at, expected) => {
  expect(who(roster([more]), at)).toBe(expected);
});

test('the night without two o\'clock hands off at three, the one with two of them at the first', () => {
  const nightly = roster([{ startsAt: '2026-03-01T02:30', unit: 'days' }]);
  expect(shifts(nightly, '2026-03-28T12:00:00Z', '2026-03-30T12:00:00Z')).toEqual(['03-28T12:00 ben', '03-29T01:00 ada', '03-30T00:30 ben']);
  expect(shifts(nightly, '2026-10-24T12:00:00Z', '2026-10-26T12:00:00Z')).toEqual(['10-24T12:00 ben', '10-25T00:30 ada', '10-26T01:30 ben']);
});

test('every hour, in the night with an hour twice somebody has two, in the one without it nobody is left out for long', () => {
  const hourly = roster([{ startsAt: '2026-01-05T00:00', unit: 'hours', rotation: [['ada'], ['ben'], ['cleo']] }]);
  expect(shifts(hourly, '2026-10-24T23:00:00Z', '2026-10-25T03:00:00Z')).toEqual(['10-24T23:00 ben', '10-25T00:00 cleo', '10-25T02:00 ada']);
  expect(shifts(hourly, '2026-03-29T00:00:00Z', '2026-03-29T02:00:00Z')).toEqual(['03-29T00:00 ben', '03-29T01:00 ada']);
});

test('a later level wins where it has somebody; layers of one level are on call together', () => {
  const nights = { name: 'nights', rotation: [['nora']], hours: [{ days: [1, 2, 3, 4, 5, 6, 7], from: '22:00', to: '06:00' }] };
  const [over, beside] = [roster([{}, { ...nights, level: 1 }]), roster([{}, nights])];
  expect([who(over, '2026-01-06T12:00:00Z'), who(over, '2026-01-06T22:00:00Z')]).toEqual(['ada', 'nora']);
  expect([who(beside, '2026-01-06T12:00:00Z'), who(beside, '2026-01-06T22:00:00Z')]).toEqual(['ada', 'ada nora']);
});

test('overrides replace, add and remove, one after the other; who is not on call cannot be replaced', () => {
  const day = during('2026-01-06T00:00:00Z', '2026-01-07T00:00:00Z');
  const after = (...changes: [string | null, string | null][]): { staff: string; by: string } => {
    const { staff, by } = onCallAt(roster([{}], { overrides: changes.map(([remove, add]) => ({ ...day, remove, add })) }), new Date('2026-01-06T12:00:00Z'));
    return { staff: staff.join(' '), by };
  };
  expect(after(['ada', 'cleo'])).toEqual({ staff: 'cleo', by: 'override' });
  expect(after([null, 'cleo'])).toEqual({ staff: 'ada cleo', by: 'override' });
  expect(after(['ada', null])).toEqual({ staff: '', by: 'override' });
  expect(after(['ben', 'cleo'])).toEqual({ staff: 'ada', by: 'layers' });
  expect(after(['ada', 'cleo'], ['cleo', 'dan'])).toEqual({ staff: 'dan', by: 'override' });
  expect(after(['cleo', 'dan'], ['ada', 'cleo'])).toEqual({ staff: 'cleo', by: 'override' });
  expect(after([null, 'ada'])).toEqual({ staff: 'ada', by: 'override' });
});

test('while there is a cover only the cover is on call, whatever else was said; of two the later one', () => {
  const overrides = [{ ...during('2026-01-06T00:00:00Z', '2026-01-09T00:00:00Z'), remove: null, add: 'cleo' }];
  const covers = [{ ...during('2026-01-07T00:00:00Z', '2026-01-08T00:00:00Z'), staff: ['dan'] }, { ...during('2026-01-07T12:00:00Z', '2026-01-07T13:00:00Z'), staff: ['eve', 'dan'] }];
  expect(shifts(roster([{}], { overrides, covers }), '2026-01-05T12:00:00Z', '2026-01-10T00:00:00Z')).toEqual([
    '01-05T12:00 ada', '01-06T00:00 ada+cleo', '01-07T00:00 dan', '01-07T12:00 eve+dan', '01-07T13:00 dan', '01-08T00:00 ada+cleo', '01-09T00:00 ada',
  ]);
});

test('a gap is one gap, however it came about; without layers it is all there is', () => {
  const overrides = [{ ...during('2026-01-05T09:00:00Z', '2026-01-05T10:00:00Z'), remove: 'ada', add: null }];
  const gaps = (of: Roster): string[] => gapsBetween(of, new Date('2026-01-05T00:00:00Z'), new Date('2026-01-06T00:00:00Z')).map(({ from, until }) => `${from.toISOString().slice(11, 16)}-${until.toISOString().slice(11, 16)}`);
  expect(gaps(roster([{ hours: [{ days: [1], from: '10:30', to: '10:00' }] }], { overrides }))).toEqual(['00:00-10:00']);
  expect(gaps(roster([{}], { overrides }))).toEqual(['00:00-08:00', '09:00-10:00']);
  expect(gaps(roster([]))).toEqual(['00:00-00:00']);
});
