import { expect, test } from '@jest/globals';
import { convertIcsCalendar } from 'ts-ics';
import type { NamedShift } from '../oncall/oncall.service.js';
import { type CalendarFile, calendarFile, entriesOf } from './feed.policy.js';

const hour = (at: number): Date => new Date(Date.UTC(2026, 0, 5, at));
const [DANA, LEE] = [{ id: 'dana', name: 'Dana' }, { id: 'lee', name: 'Dr. Lee' }];
const shift = (from: number, until: number, ...staff: { id: string; name: string }[]): NamedShift => ({ from: hour(from), until: hour(until), staff, by: 'layers' });
const SHIFTS = [shift(0, 8, DANA), shift(8, 12, DANA, LEE), shift(12, 14), shift(14, 20, LEE), { ...shift(20, 24, LEE), by: 'override' as const }];
const file = (change: Partial<CalendarFile>): string =>
  calendarFile({ calendar: { scheduleId: 's1', staffId: null }, scheduleName: 'Nights', entries: entriesOf(SHIFTS, null), since: hour(0), now: hour(9), language: 'en-US', ...change });
const read = (text: string): [string, string, Date, Date][] =>
  (convertIcsCalendar(undefined, text).events ?? []).map(({ uid, summary, start, end }) => [uid, summary, start.date, end!.date]);

test("somebody's own calendar is one entry from where they begin to where they end, whoever comes and goes beside them", () => {
  expect(entriesOf(SHIFTS, 'dana')).toEqual([{ from: hour(0), until: hour(12), names: ['Dana'] }]);
  expect(entriesOf(SHIFTS, 'lee').map(({ from, until }) => [from, until])).toEqual([[hour(8), hour(12)], [hour(14), hour(24)]]);
});

test("everybody's calendar has a gap as an entry, and does not care what decided who is on call", () => {
  expect(read(file({})).map(([, summary, from, until]) => [summary, from, until])).toEqual([
    ['Nights: Dana', hour(0), hour(8)], ['Nights: Dana, Dr. Lee', hour(8), hour(12)], ['Nights: nobody is on call', hour(12), hour(14)], ['Nights: Dr. Lee', hour(14), hour(24)],
  ]);
});

test('an entry keeps its UID from one fetch to the next, also one whose beginning is not told any more', () => {
  const [today, tomorrow] = [read(file({})), read(file({ since: hour(6), entries: entriesOf([shift(6, 8, DANA), ...SHIFTS.slice(1)], null), now: hour(33) }))];
  expect(tomorrow.map(([uid]) => uid)).toEqual(today.map(([uid]) => uid));
  expect(new Set(today.map(([uid]) => uid)).size).toBe(4);
});

test('it is in the language of the house, or in English', () => {
  const of = (language: string): string => read(file({ language, calendar: { scheduleId: 's1', staffId: 'dana' }, entries: entriesOf(SHIFTS, 'dana') }))[0]![1];
  expect(['de-AT', 'es', 'fr-CA', 'pt-BR'].map(of)).toEqual(['Bereitschaft: Nights', 'De guardia: Nights', 'D’astreinte : Nights', 'On call: Nights']);
});

test.each(['\r\n', '\n', '\r', '\u2028', '\u0085', ';', ',', '\\', '"', '\\n'])('whatever somebody is called, they are one line of one entry: %j', (sign) => {
  const name = `Dana${sign}BEGIN:VALARM${sign}ACTION:AUDIO`;
  const text = file({ scheduleName: name, entries: entriesOf([shift(0, 8, { id: 'dana', name })], null) });
  expect(read(text)).toHaveLength(1);
  expect(text.split(/\r\n(?! )|\n(?! )|\r(?!\n)/).filter((line) => /^(BEGIN|ACTION)/.test(line))).toEqual(['BEGIN:VCALENDAR', 'BEGIN:VEVENT']);
});
