import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Reach } from '../staff/staff.types.js';
import type { OnCallPerson, Shift } from './oncall.types.js';
import { csvOf, isDoNotDisturb, outlook, personOf, quarters, verdictOn } from './preflight.policy.js';

const MINUTE = 60_000;
const START = Date.UTC(2026, 2, 28, 12);
const at = (minutes: number): Date => new Date(START + minutes * MINUTE);
const NIGHT = { days: [1, 2, 3, 4, 5, 6, 7], from: '22:00', to: '06:00' };
const reach = (id: string, more: Partial<Reach> = {}): Reach =>
  ({ id, name: id, timeZone: 'Europe/Berlin', doNotDisturb: [], methods: [{ id: `${id}1`, channel: 'sms', address: '+15550100001', trouble: null }], ...more });
const shift = (from: number, until: number, ...staff: string[]): Shift => ({ from: at(from), until: at(until), staff, by: 'layers' });
const person = (trouble: OnCallPerson['trouble'], quiet = false): OnCallPerson => ({ id: 'x', name: 'x', methods: [], trouble, isDoNotDisturb: quiet });

test.each<[string, OnCallPerson[], string]>([
  ['nobody is on call', [], 'gap'],
  ['nobody can be reached', [person('unverified'), person('opted_out')], 'unreachable'],
  ['one can', [person('unverified'), person(null)], 'reached'],
  ['who can is not to be disturbed', [person('unverified'), person(null, true)], 'urgent_only'],
  ['one of two is not to be disturbed', [person(null, true), person(null)], 'reached'],
])('%s', (_, staff, verdict) => {
  expect(verdictOn(staff)).toBe(verdict);
});

test('only ways without trouble are used; where there is none, it says why', () => {
  const method = (id: string, trouble: 'unverified' | 'opted_out' | null): Reach['methods'][number] => ({ id, channel: 'sms', address: id, trouble });
  const of = (...methods: Reach['methods']): unknown[] => {
    const { methods: usable, trouble } = personOf(reach('ada', { methods }), false);
    return [usable.map(({ id }) => id).join(), trouble];
  };
  expect(of(method('a', 'unverified'), method('b', null), method('c', null))).toEqual(['b,c', null]);
  expect(of(method('a', 'unverified'), method('b', 'opted_out'))).toEqual(['', 'opted_out']);
  expect(of(method('a', 'unverified'))).toEqual(['', 'unverified']);
  expect(of()).toEqual(['', 'no_contact_method']);
});

test('a stretch ends with the shift, and where the hours begin or end in which somebody is not to be disturbed', () => {
  const reaches = new Map([['ada', reach('ada', { doNotDisturb: [NIGHT] })], ['ben', reach('ben')]]);
  const shifts = [shift(0, 60, 'ada'), shift(60, 24 * 60, 'ada'), shift(24 * 60, 25 * 60, 'ben'), shift(25 * 60, 26 * 60)];
  // The night of 29 March has an hour less: ten in the evening is nine in UTC, six in the morning four.
  expect(outlook(shifts, reaches).map(({ from, verdict }) => `${from.toISOString().slice(8, 16)} ${verdict}`)).toEqual([
    '28T12:00 reached', '28T21:00 urgent_only', '29T04:00 reached', '29T12:00 reached', '29T13:00 gap',
  ]);
  expect(outlook([], reaches)).toEqual([]);
});

test('stretches have no hole and no overlap, and say at each minute what holds then', () => {
  const staff = fc.array(fc.constantFrom('ada', 'ben', 'cleo'), { maxLength: 2 });
  const hours = fc.record({ days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }), from: fc.constantFrom('22:00', '01:30', '00:00'), to: fc.constantFrom('06:00', '02:30', '00:00') });
  fc.assert(fc.property(fc.array(fc.record({ minutes: fc.integer({ min: 1, max: 400 }), staff }), { minLength: 1, maxLength: 5 }), fc.array(hours, { maxLength: 2 }), (lengths, doNotDisturb) => {
    let end = 0;
    const shifts = lengths.map(({ minutes, staff }) => shift(end, (end += minutes), ...new Set(staff)));
    const reaches = new Map([reach('ada', { doNotDisturb }), reach('ben', { methods: [] }), reach('cleo', { timeZone: 'America/New_York', doNotDisturb })].map((each) => [each.id, each]));
    const outlooks = outlook(shifts, reaches);
    const [lines, quarterly] = [[...csvOf([{ name: 'any', outlooks }])], [...quarters(outlooks)]];
    expect([lines.length - 1, quarterly.length]).toEqual([Math.ceil(end / 15), Math.ceil(end / 15)]);
    for (let minute = 0; minute < end; minute += 7) {
      const [holds, ...more] = outlooks.filter(({ from, until }) => from <= at(minute) && at(minute) < until);
      const on = shifts.find(({ from, until }) => from <= at(minute) && at(minute) < until)!.staff;
      const people = on.map((id) => personOf(reaches.get(id)!, isDoNotDisturb(reaches.get(id)!, at(minute))));
      expect([holds!.staff, holds!.verdict, more]).toEqual([people, verdictOn(people), []]);
      const order = ['reached', 'urgent_only', 'unreachable', 'gap'];
      expect(order.indexOf(quarterly[Math.floor(minute / 15)]!.verdict)).toBeGreaterThanOrEqual(order.indexOf(holds!.verdict));
    }
  }), { numRuns: 60, seed: 5 });
});

test('what would be a formula in a spreadsheet is text there, and quotes stay quotes', () => {
  const outlooks = outlook([shift(0, 15, 'ada')], new Map([['ada', reach('ada', { name: '=HYPERLINK("x")' })]]));
  expect([...csvOf([{ name: 'A "B"', outlooks }])].at(-1)).toBe(
    `"A ""B""","2026-03-28T12:00:00.000Z","2026-03-28T12:15:00.000Z","reached","'=HYPERLINK(""x"")","sms +15550100001",""\r\n`,
  );
});
