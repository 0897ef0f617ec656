import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { grafanaOncall } from './grafana.parser.js';
import { hoursOfWeek } from './import.parser.js';
import type { ImportPlan, Layer } from './oncall.types.js';
import { opsgenie } from './opsgenie.parser.js';

const NOW = new Date('2026-01-05T09:00:00Z');
const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];

const rotation = (more: object = {}): object => ({
  id: 'r1', name: 'Weekdays', startDate: '2024-02-05T06:00:00Z', endDate: null, type: 'weekly', length: 1, participants: [{ type: 'user', id: 'u1', username: 'alice@example.com' }, { type: 'none' }], ...more,
});
const fromOpsgenie = (rotations: object[], more: object = {}): ImportPlan => opsgenie({
  schedules: { data: [{ id: 's1', name: 'Platform', description: 'any', timezone: 'Europe/Istanbul', enabled: true, ownerTeam: { id: 't' }, rotations, ...more }] },
  users: { data: [{ id: 'u1', username: 'alice@example.com', fullName: 'Alice' }, { id: 'u2', username: 'bob@example.com', fullName: 'Bob' }] },
}, NOW);
const layerOfOpsgenie = (more: object): Partial<Layer> | string => {
  const { schedules, leftOut } = fromOpsgenie([rotation(more)]);
  return schedules[0]?.layers[0] ?? leftOut[0]?.why ?? 'nothing';
};

test('a schedule of Opsgenie comes with its rotations, people and overrides that are not over', () => {
  const overrides = [
    { alias: 'a', user: { type: 'user', id: 'u2' }, startDate: '2026-02-01T00:00:00Z', endDate: '2026-02-02T00:00:00Z', rotations: [] },
    { alias: 'b', user: { type: 'user', id: 'u2' }, startDate: '2025-02-01T00:00:00Z', endDate: '2025-02-02T00:00:00Z' },
    { alias: 'c', user: { type: 'user', id: 'u2' }, startDate: '2026-02-01T00:00:00Z', endDate: '2026-02-02T00:00:00Z', rotations: [{ id: 'r1', name: 'Weekdays' }] },
  ];
  const plan = fromOpsgenie([rotation()], { overrides });
  expect(plan).toEqual({
    staff: [{ ref: 'opsgenie:u1', name: 'Alice', email: 'alice@example.com' }, { ref: 'opsgenie:u2', name: 'Bob', email: 'bob@example.com' }],
    schedules: [{
      ref: 'opsgenie:s1', name: 'Platform', timeZone: 'Europe/Istanbul',
      layers: [{ name: 'Weekdays', level: 0, startsAt: '2024-02-05T09:00', endsAt: null, every: 1, unit: 'weeks', rotation: [['opsgenie:u1'], []], hours: [] }],
      covers: [{ from: new Date('2026-02-01T00:00:00Z'), until: new Date('2026-02-02T00:00:00Z'), staff: ['opsgenie:u2'] }],
    }],
    leftOut: [{ path: 'schedules.0.overrides.2', why: 'it is for some rotations only' }],
  });
  const backup = { schedule: { id: 's1', name: 'Platform', timezone: 'UTC', rotations: [rotation()] }, scheduleOverrideList: [overrides[0]] };
  const users = [{ id: 'u1', fullName: 'Alice' }, { id: 'u2', fullName: 'Bob' }];
  expect(opsgenie({ schedules: [backup], users }, NOW).schedules[0]).toMatchObject({ layers: [{ startsAt: '2024-02-05T06:00' }], covers: [{ staff: ['opsgenie:u2'] }] });
});

test.each<[string, object, Partial<Layer> | string]>([
  ['every two hours', { type: 'hourly', length: 2 }, { every: 2, unit: 'hours' }],
  ['with an end', { endDate: '2027-01-01T00:00:00Z' }, { endsAt: '2027-01-01T03:00' }],
  ['a time of day', { timeRestriction: { type: 'time-of-day', restriction: { startHour: 22, endHour: 6, endMin: 30 } } }, { hours: [{ days: EVERY_DAY, from: '22:00', to: '06:30' }] }],
  ['a part of the week', { timeRestriction: { type: 'weekday-and-time-of-day', restrictions: [{ startDay: 'SATURDAY', startHour: 18, startMin: 30, endDay: 'monday', endHour: 8 }] } }, {
    hours: [{ days: [6], from: '18:30', to: '00:00' }, { days: [7], from: '00:00', to: '00:00' }, { days: [1], from: '00:00', to: '08:00' }],
  }],
  ['over', { endDate: '2025-01-01T00:00:00Z' }, 'nothing'],
  ['with a team', { participants: [{ type: 'team', id: 't' }] }, 'a participant is a team, and only users are known here'],
  ['with somebody unknown', { participants: [{ type: 'user', id: 'u9' }] }, 'it names user u9, who is not in the export'],
  ['disabled', { enabled: false }, 'it is disabled'],
  ['of a kind that nobody knows', { type: 'monthly' }, expect.stringContaining('type') as unknown as string],
  ['with hours that nobody knows', { timeRestriction: { type: 'moon' } }, expect.stringContaining('timeRestriction') as unknown as string],
  ['with hours that say none', { timeRestriction: { type: 'time-of-day' } }, 'its time restriction says no hours'],
])('a rotation of Opsgenie: %s', (_, more, expected) => {
  const found = layerOfOpsgenie(more);
  if (typeof expected === 'object' && !('asymmetricMatch' in expected)) expect(found).toMatchObject(expected);
  else expect(found).toEqual(expected);
});

test('what is not known is named, and people of what is left out do not come', () => {
  const plan = fromOpsgenie([rotation({ colour: 'red' }), rotation({ participants: [{ type: 'user', id: 'u2' }, { type: 'escalation', id: 'e' }] })]);
  expect(plan.staff.map(({ name }) => name)).toEqual(['Alice']);
  expect(plan.leftOut.map(({ path }) => path)).toEqual(['schedules.0.rotations.0.colour', 'schedules.0.rotations.1']);
  for (const document of [{}, { schedules: 'x' }, { schedules: [null, 1, { id: 's' }, { id: 's', name: 'x', timezone: 'Mars/X' }], users: [null] }]) {
    for (const read of [opsgenie, grafanaOncall]) expect(read(document, NOW)).toMatchObject({ staff: [], schedules: [] });
  }
});

const shift = (more: object = {}): object => ({
  id: 'O1', name: 'Weekly', type: 'rolling_users', team_id: null, time_zone: null, level: 1, start: '2025-01-06T09:00:00', duration: 604_800, frequency: 'weekly', interval: 1, until: null, week_start: 'MO', by_day: null,
  by_month: null, by_monthday: null, rolling_users: [['U1'], ['U2', 'U1']], start_rotation_from_user_index: 0, ...more,
});
const fromGrafana = (shifts: object[], more: object = {}): ImportPlan => grafanaOncall({
  schedules: { count: 1, results: [{ id: 'S1', name: 'Primary', type: 'web', team_id: null, time_zone: 'America/New_York', on_call_now: [], shifts: shifts.map((each) => (each as { id: string }).id), ...more }] },
  on_call_shifts: { results: shifts }, users: { results: [{ id: 'U1', username: 'alex', email: 'alex@example.com' }, { id: 'U2', username: 'bob', email: '' }] },
}, NOW);

test('a schedule of Grafana OnCall comes with its shifts as layers of their levels, and overrides to come', () => {
  const override = { id: 'O2', type: 'override', time_zone: 'UTC', start: '2026-02-01T08:00:00', duration: 3_600, users: ['U2'], rotation_start: '2026-02-01T08:00:00' };
  expect(fromGrafana([shift({ start_rotation_from_user_index: 1 }), override, { ...override, id: 'O3', start: '2025-02-01T08:00:00' }])).toEqual({
    staff: [{ ref: 'grafana-oncall:U2', name: 'bob', email: null }, { ref: 'grafana-oncall:U1', name: 'alex', email: 'alex@example.com' }],
    schedules: [{
      ref: 'grafana-oncall:S1', name: 'Primary', timeZone: 'America/New_York',
      layers: [{
        name: 'Weekly', level: 1, startsAt: '2025-01-06T09:00', endsAt: null, every: 1, unit: 'weeks', hours: [], rotation: [['grafana-oncall:U2', 'grafana-oncall:U1'], ['grafana-oncall:U1']],
      }],
      covers: [{ from: new Date('2026-02-01T08:00:00Z'), until: new Date('2026-02-01T09:00:00Z'), staff: ['grafana-oncall:U2'] }],
    }],
    leftOut: [],
  });
});

test.each<[string, object, Partial<Layer> | string]>([
  ['every twelve hours', { frequency: 'hourly', interval: 12, duration: 43_200 }, { every: 12, unit: 'hours', hours: [] }],
  ['at night', { frequency: 'daily', start: '2025-01-06T22:00:00', duration: 28_800 }, { unit: 'days', hours: [{ days: EVERY_DAY, from: '22:00', to: '06:00' }] }],
  ['a part of the week', { start: '2025-01-10T18:00:00', duration: 108_000 }, { hours: [{ days: [5], from: '18:00', to: '00:00' }, { days: [6], from: '00:00', to: '00:00' }] }],
  ['some days of the week', { by_day: ['WE', 'MO'], duration: 28_800 }, { hours: [{ days: [1, 3], from: '09:00', to: '17:00' }] }],
  ['until some day: it begins there for the last time', { until: '2026-01-19T10:00:00' }, { endsAt: '2026-01-26T09:00' }],
  ['once', { type: 'single_event', start: '2026-01-10T08:00:00', duration: 10_800, users: ['U1'], rolling_users: null, frequency: null }, { startsAt: '2026-01-10T08:00', endsAt: '2026-01-10T11:00', rotation: [['grafana-oncall:U1']] }],
  ['the same people each time', { type: 'recurrent_event', users: ['U1', 'U2'], rolling_users: null }, { rotation: [['grafana-oncall:U1', 'grafana-oncall:U2']] }],
  ['once, long ago', { type: 'single_event', duration: 10_800, users: ['U1'] }, 'nothing'],
  ['monthly', { frequency: 'monthly' }, 'it repeats monthly'],
  ['some months', { by_month: [1] }, 'it is for some months or days of a month only'],
  ['every other day for a day', { frequency: 'daily', interval: 2, duration: 86_400 }, 'it pauses in a way that hours of the week cannot say'],
  ['longer than its turn', { frequency: 'daily' }, 'it goes on when it begins again'],
  ['days of a week that begins in its middle', { by_day: ['MO'], duration: 28_800, week_start: 'SU' }, expect.stringContaining('by_day is known only') as unknown as string],
  ['a rotation that began elsewhere', { rotation_start: '2025-02-01T00:00:00' }, 'rotation_start is another time than start'],
  ['nobody', { rolling_users: [[]] }, 'nobody is in it'],
])('a shift of Grafana OnCall: %s', (_, more, expected) => {
  const { schedules, leftOut } = fromGrafana([shift(more)]);
  const found = schedules[0]!.layers[0] ?? leftOut[0]?.why ?? 'nothing';
  if (typeof expected === 'object' && !('asymmetricMatch' in expected)) expect(found).toMatchObject(expected);
  else expect(found).toEqual(expected);
});

test('a schedule has one zone, that of its first shift; what is in another one, a calendar, and a shift that is not there are left out', () => {
  const { schedules, leftOut } = fromGrafana([shift({ time_zone: 'UTC' }), shift({ id: 'O2', time_zone: 'Europe/Paris' })]);
  expect([schedules[0]!.timeZone, schedules[0]!.layers.length, leftOut]).toEqual(['UTC', 1, [{ path: 'on_call_shifts.O2', why: 'it is in Europe/Paris, and the schedule in UTC' }]]);
  expect(fromGrafana([], { type: 'ical' }).leftOut).toEqual([{ path: 'schedules.0', why: 'it is a calendar elsewhere, which is not read' }]);
  expect(fromGrafana([], { shifts: ['O9'] }).leftOut).toMatchObject([{ path: 'on_call_shifts.O9' }]);
});

test.each([
  [0, 0, EVERY_DAY.length],
  [6 * 1_440 + 1_380, 60, 2],
  [60, 120, 1],
])('from minute %i of a week to minute %i it touches %i days', (from, until, days) => {
  expect(hoursOfWeek(from, until)).toHaveLength(days);
});

test('whatever stands in an export, it is read or left out', () => {
  const odd = ['9999-99-99T99:99', '2026-02-30T09:00:00', '0001-01-01T00:00:00Z', '9999-12-31T23:59:59Z', Number.MAX_SAFE_INTEGER, Number.NaN, -1, 0, 0.5, '', 'UTC', '__proto__', [], {}, [[]], null, true];
  const users = [{ id: 'U1', username: 'alex' }, { id: 'U2' }, { id: 'u1' }];
  const shifts = [shift(), shift({ type: 'single_event', users: ['U1'] }), shift({ until: '2027-01-01T00:00:00', by_day: ['MO'] }), shift({ type: 'override', users: ['U1'], frequency: null })];
  const rotations = [rotation(), rotation({ endDate: '2027-01-01T00:00:00Z', timeRestriction: { type: 'time-of-day', restriction: { startHour: 24, endHour: 24 } } })];
  for (const any of [...odd, ...fc.sample(fc.anything(), { numRuns: 30, seed: 7 })]) {
    for (const one of shifts.flatMap((each) => Object.keys(each).map((field) => ({ ...each, [field]: any })))) {
      grafanaOncall({ schedules: [{ id: 'S', name: 'x', type: 'web', shifts: ['O1'] }, any], on_call_shifts: [one, any], users: [...users, any] }, NOW);
    }
    for (const one of rotations.flatMap((each) => Object.keys(each).map((field) => ({ ...each, [field]: any })))) {
      opsgenie({ schedules: [{ id: 's', name: 'x', timezone: 'UTC', rotations: [one, any], overrides: [any, { user: { id: 'u1' }, startDate: any, endDate: any }] }, any], users: [...users, any] }, NOW);
    }
  }
});
