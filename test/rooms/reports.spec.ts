import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { csvLine } from '@throughline/kernel/csv.js';
import fc from 'fast-check';
import type { OncallReport } from '../../src/incidents/incidents.types.js';
import { EscalationRoom } from './escalation.room.js';
import { recomputed, table } from './reports.room.js';

const DAY = 86_400_000;
const ZONES = ['Europe/Berlin', 'America/St_Johns', 'Asia/Kathmandu'];

let room: EscalationRoom;
beforeAll(async () => {
  room = await EscalationRoom.open();
});
afterAll(() => room.close());

const text = async (lines: AsyncIterable<string>): Promise<string> => {
  let all = '';
  for await (const line of lines) all += line;
  return all;
};

/** As the reference has it: by id, without names. */
const plain = ({ all, policies, schedules, staff }: OncallReport): object => {
  const named = (each: { id: string; incidents: object; drills: object }[]) => Object.fromEntries(each.map(({ id, incidents, drills }) => [id, { incidents, drills }]));
  const people = Object.fromEntries(staff.filter(({ staffId }) => staffId).map(({ staffId, taken, drillsTaken, interruptions, drillInterruptions, atNight, byHour }) =>
    [staffId, { taken, drillsTaken, interruptions, drillInterruptions, atNight, byHour }]));
  return { all, policies: named(policies), schedules: named(schedules), staff: people };
};

const ms = fc.integer({ min: 0, max: 3_600_000 });
const attempt = fc.record({
  after: ms, dispatched: fc.option(ms, { freq: 3 }), step: fc.nat(2), says: fc.constantFrom('alert', 'alert', 'told'), person: fc.option(fc.nat(2), { freq: 5 }), schedules: fc.uniqueArray(fc.nat(2), { maxLength: 2 }),
});
const incident = fc.record({
  at: fc.integer({ min: 0, max: DAY * 20 }), isDrill: fc.boolean(), policy: fc.nat(1), sla: fc.option(fc.integer({ min: 10, max: 3_600 })), asked: fc.uniqueArray(fc.tuple(fc.nat(2), ms), { selector: ([which]) => which }),
  end: fc.oneof(fc.record({ state: fc.constantFrom('acknowledged', 'cancelled', 'exhausted'), after: ms }), fc.constant(null)), taker: fc.option(fc.nat(2)), attempts: fc.array(attempt, { maxLength: 6 }),
});

test('every figure of a report comes out again from the tables that are exported, whatever has happened', async () => {
  const policies = [await room.policy([[{ kind: 'all' }]])];
  const people = [await room.person('Ada'), await room.person('Ben'), await room.person('=Cleo, "C"')];
  policies.push(await room.policy([[{ kind: 'all' }]]));
  await Promise.all(people.map(({ id }, i) => room.fresh.query('update staff_members set time_zone = $2 where id = $1', [id, ZONES[i]])));
  const schedules = [randomUUID(), randomUUID(), randomUUID()];
  let start = Date.UTC(2025, 0, 1);
  const insert = (name: string, row: Record<string, unknown>) =>
    room.fresh.query(`insert into ${name} (${Object.keys(row).join()}) values (${Object.keys(row).map((_, i) => `$${i + 1}`).join()})`, Object.values(row));
  await fc.assert(fc.asyncProperty(fc.array(incident, { maxLength: 12 }), async (incidents) => {
    start += DAY * 30;
    const base = { tenant_id: room.tenantId };
    for (const { at, isDrill, policy, sla, asked, end, taker, attempts } of incidents) {
      const [id, opened] = [randomUUID(), start + at];
      const when = (after: number): Date => new Date(opened + after);
      const isTaken = end?.state === 'acknowledged';
      await insert('incidents', {
        ...base, id, policy_id: policies[policy], steps: '[]', rounds: 1, code: '1234', urgency: 5, reports: '[]', is_drill: isDrill, fingerprint: '', state: end?.state ?? 'waiting', due_at: when(0), wake_at: when(0),
        sla_seconds: sla, created_at: when(0), ended_at: end && when(end.after), ...(isTaken ? { acknowledged_at: when(end.after), acknowledged_by: 'X', acknowledged_staff_id: taker === null ? null : people[taker]!.id, acknowledged_via: 'api' } : {}),
      });
      for (const [which, after] of asked) await insert('incident_schedules', { ...base, incident_id: id, schedule_id: schedules[which], asked_at: when(after) });
      for (const [i, { after, dispatched, step, says, person, schedules: own }] of attempts.entries()) {
        await insert('incident_attempts', {
          ...base, id: randomUUID(), incident_id: id, key: String(i), says, round: 0, step, staff_id: person === null ? null : people[person]!.id, name: '=Cleo, "C"', channel: 'sms', address: '+15550000009', state: 'sent', press_key: '2',
          schedule_ids: own.map((which) => schedules[which]), created_at: when(after), changed_at: when(after), dispatched_at: dispatched === null ? null : when(after + dispatched),
        });
      }
    }
    const range = { from: new Date(start), until: new Date(start + DAY * 30) };
    const report = await room.reports.report(room.tenantId, range);
    const [some, others] = [table(await text(room.reports.incidentsCsv(room.tenantId, range))), table(await text(room.reports.attemptsCsv(room.tenantId, range)))];
    expect([some.length, others.length]).toEqual([incidents.length, incidents.flatMap(({ attempts }) => attempts).length]);
    expect(plain(report)).toEqual(recomputed(some, others, report.asOf.toISOString(), Object.fromEntries(people.map(({ id }, i) => [id, ZONES[i]!]))));
  }), { numRuns: 40 });
});

test('what a ladder has done is in the log with every change of state, and in the report by policy and schedule: also where nobody was on call', async () => {
  const from = room.clock.now();
  const [ada, ben] = [await room.person('Ada'), await room.person('Ben')];
  const layer = (...staff: { id: string }[]) => ({ name: 'all', level: 0, startsAt: '2026-01-01T00:00', endsAt: null, every: 1, unit: 'weeks' as const, rotation: [staff.map(({ id }) => id)], hours: [] });
  const schedule = (name: string, layers: ReturnType<typeof layer>[]) => room.schedules.add(room.tenantId, { name, timeZone: 'UTC', externalRef: null, layers }, {});
  const [empty, first, both] = [await schedule('Empty', []), await schedule('First', [layer(ada)]), await schedule('Both', [layer(ada, ben)])];
  const of = (...ids: { id: string }[]) => ids.map(({ id }) => ({ kind: 'schedule' as const, scheduleId: id }));
  const policyId = await room.policy([of(empty), of(first, both)]);
  const id = await room.report(policyId);
  await room.run();
  await room.pass(45);
  await room.escalation.acknowledge(room.tenantId, id, { name: 'Ben', staffId: ben.id, via: 'api', attemptId: null });
  await room.pass(15);
  const range = { from, until: room.clock.in(1_000) };
  const log = await room.reports.attempts(room.tenantId, range, null, 100);
  const adas = log.filter(({ staffId, says }) => staffId === ada.id && says === 'alert');
  expect(adas.map(({ scheduleIds }) => scheduleIds)).toEqual([[first.id, both.id], [first.id, both.id]]);
  expect(log.map(({ providerSid, changes }) => [providerSid?.slice(0, 2), changes.map(({ to }) => to).join()]).sort()).toEqual([['CA', 'ringing,cancelled'], ['CA', 'ringing,cancelled'], ['SM', 'sent'], ['SM', 'sent'], ['SM', 'sent']]);
  const report = await room.reports.report(room.tenantId, range);
  const shown = report.schedules.map(({ name, incidents }) => [name, incidents.incidents, incidents.unattempted, incidents.secondsToAcknowledge?.max]);
  expect(shown).toEqual([['Both', 1, 0, 45], ['Empty', 1, 1, 45], ['First', 1, 0, 45]]);
  expect(report.policies).toMatchObject([{ id: policyId, incidents: { incidents: 1, acknowledged: 1, slaBreaches: 0 }, drills: { incidents: 0 } }]);
  expect(report.staff.map(({ name, taken, interruptions, byHour }) => [name, taken, interruptions, byHour[9]])).toEqual([['Ada', 0, 1, 1], ['Ben', 1, 1, 1]]);
  expect((await room.reports.reportCsv(room.tenantId, range)).split('\r\n')).toHaveLength(1 + 2 * 5 + 1);
});

test('the tables take nobody for a formula, whatever they are called, and are the same as the kernel would write', async () => {
  const policyId = await room.policy([[{ kind: 'all' }]]);
  const names = ['=1+1', '@sum', '\tx', '-x', '+1x', '+1', '-1', 'a "b", c', "'x", '', 'two\r\nlines'];
  const from = room.clock.in(1_000);
  for (const name of names) {
    room.clock.forward(2_000);
    const id = await room.report(policyId, { reason: 'A list' });
    await room.fresh.query(`update incidents set acknowledged_by = $2, acknowledged_at = created_at where id = $1`, [id, name]);
    await room.escalation.cancel(room.tenantId, id, 'Dana');
  }
  const csv = await text(room.reports.incidentsCsv(room.tenantId, { from, until: room.clock.in(1_000) }));
  const cells = table(csv.replaceAll('two\r\nlines', 'two lines')).map((line) => line['acknowledgedBy']);
  expect(cells.map((cell) => `"${cell!.replaceAll('"', '""')}"\r\n`)).toEqual(names.map((name) => csvLine([name.replace('\r\n', ' ')])));
});
