import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { EscalationRoom } from './escalation.room.js';
import { diesAt } from './plumbing.js';

const [NONE, ONCE] = [{ calls: 0, texts: 0 }, { calls: 1, texts: 1 }];
const HOUR = 3_600_000;
const WEEK = 168 * HOUR;
const to = ({ id }: { id: string }) => [{ kind: 'staff' as const, staffId: id }];

let room: EscalationRoom;
beforeAll(async () => {
  room = await EscalationRoom.open();
});
afterAll(() => room.close());
beforeEach(() => room.clock.forward(HOUR));

/** One that comes in ten minutes, and then every week. */
async function drill(policyId: string | null) {
  const due = new Date(room.clock.ms() + 600_000);
  const rhythm = { timeZone: 'UTC', day: due.getUTCDay() || 7, time: due.toISOString().slice(11, 16), everyWeeks: 1 };
  return room.drills.add(room.tenantId, { name: 'Weekly', policyId, ...rhythm }, 'Dana', undefined);
}
const runsOf = async ({ id }: { id: string }) => (await room.drills.runs(room.tenantId, id, null, 10)).map(({ outcome, state }) => `${outcome} ${state}`);
const planned = async ({ id }: { id: string }) => (await room.drills.list(room.tenantId, null, 100)).find((each) => each.id === id)!;
const codes = async () => (await room.warnings.warnings(room.tenantId)).map(({ code, drillId }) => `${code} ${drillId ?? ''}`.trim());

test.each([
  'drill.begins', 'incident.reported', 'escalation.fired',
])('a drill comes at its time and is one, though somebody dies at %s and there are three hubs; it is planned for the next week, and counted apart', async (point) => {
  const ada = await room.person('Ada');
  const from = room.clock.now();
  const weekly = await drill(await room.policy([to(ada)]));
  await room.pass(540);
  expect([room.reached(ada), await runsOf(weekly)]).toEqual([NONE, []]);
  const hasDied = diesAt(point);
  room.clock.forward(60_000);
  await Promise.all([room.run(), room.run(), room.run()]);
  expect(hasDied()).toBe(true);
  await room.pass(30);
  expect([room.reached(ada), await runsOf(weekly)]).toEqual([ONCE, ['begun waiting']]);
  expect(room.twilio.control.phone(ada.phone).messages.map(({ body }) => body)).toEqual([expect.stringMatching(/^DRILL\. /)]);
  expect((await planned(weekly)).nextAt).toEqual(new Date(weekly.nextAt.getTime() + WEEK));
  await room.pass(120);
  expect([room.reached(ada), await runsOf(weekly), await codes()]).toEqual([ONCE, ['begun exhausted'], expect.arrayContaining([`drill_not_taken ${weekly.id}`])]);
  const { all } = await room.reports.report(room.tenantId, { from, until: room.clock.in(1) });
  expect([all.incidents.incidents, all.drills.incidents, all.drills.notAcknowledged]).toEqual([0, 1, 1]);
  await room.drills.remove(room.tenantId, weekly.id, undefined);
});

test('nobody is woken by a drill that is late, nor while a real incident is open, nor where there is no policy any more; the next one comes', async () => {
  const ada = await room.person('Ada');
  const policyId = await room.policy([to(ada)]);
  const weekly = await drill(policyId);
  room.clock.forward(HOUR * 3);
  await room.run();
  expect([room.reached(ada), await runsOf(weekly)]).toEqual([NONE, ['missed null']]);
  room.clock.forward((await planned(weekly)).nextAt.getTime() - room.clock.ms());
  const real = await room.report(policyId);
  await room.run();
  expect(await runsOf(weekly)).toEqual(['missed null', 'skipped null']);
  await room.escalation.cancel(room.tenantId, real, 'Dana');
  await room.pass(15);
  await room.fresh.query('update policies set removed_at = now() where id = $1', [policyId]);
  room.clock.forward((await planned(weekly)).nextAt.getTime() - room.clock.ms());
  await room.run();
  expect(await runsOf(weekly)).toEqual(['missed null', 'skipped null', 'refused null']);
  expect(await codes()).toEqual(expect.arrayContaining([`drill_not_run ${weekly.id}`]));
  expect(room.reached(ada)).toEqual(ONCE);
  await room.drills.remove(room.tenantId, weekly.id, undefined);
});

test('whoever dies before a drill is opened, and is away for long, or comes back while a real incident is open, opens none', async () => {
  const ada = await room.person('Ada');
  const policyId = await room.policy([to(ada)]);
  const weekly = await drill(policyId);
  const dies = async (): Promise<void> => {
    room.clock.forward((await planned(weekly)).nextAt.getTime() - room.clock.ms());
    const hasDied = diesAt('drill.begins');
    await room.run();
    expect(hasDied()).toBe(true);
  };
  await dies();
  room.clock.forward(2 * HOUR);
  await room.run();
  expect([room.reached(ada), await runsOf(weekly)]).toEqual([NONE, ['missed null']]);
  await dies();
  const real = await room.report(policyId);
  await room.run();
  expect(await runsOf(weekly)).toEqual(['missed null', 'skipped null']);
  await room.escalation.cancel(room.tenantId, real, 'Dana');
  await room.drills.remove(room.tenantId, weekly.id, undefined);
});

test('one at once: the same key twice is one; who takes it ends it and the warning; what is removed does not come', async () => {
  const ada = await room.person('Ada');
  const weekly = await drill(await room.policy([to(ada)]));
  const [run, again] = [await room.drills.runNow(room.tenantId, weekly.id, 'Dana', 'k'), await room.drills.runNow(room.tenantId, weekly.id, 'Dana', 'k')];
  expect(again.id).toBe(run.id);
  await room.run();
  const [begun] = await room.drills.runs(room.tenantId, weekly.id, null, 10);
  room.clock.forward(20_000);
  await room.escalation.acknowledge(room.tenantId, begun!.incidentId!, { name: 'Ada', staffId: ada.id, via: 'api', attemptId: null });
  expect((await planned(weekly)).lastRun).toMatchObject({ state: 'acknowledged', acknowledgedBy: 'Ada', secondsToAcknowledge: 20 });
  expect(await codes()).not.toEqual(expect.arrayContaining([expect.stringMatching(weekly.id)]));
  await room.drills.remove(room.tenantId, weekly.id, 'Dana');
  room.clock.forward(HOUR / 4);
  await room.pass(30);
  expect(room.reached(ada)).toEqual(ONCE);
  await expect(room.drills.runNow(room.tenantId, weekly.id, undefined, undefined)).rejects.toMatchObject({ kind: 'not_found' });
});

test('preflight looks with the eyes of the ladder: a number that nobody has shown to be theirs, an empty schedule, a gap', async () => {
  const [ada, ben] = [await room.person('Ada'), await room.person('Ben')];
  await room.fresh.query('update contact_methods set verified_at = null where staff_id = $1', [ben.id]);
  const layer = { name: 'all', level: 0, startsAt: '2026-01-01T00:00', endsAt: null, every: 1, unit: 'weeks' as const, rotation: [[ada.id], []], hours: [] };
  const schedule = async (name: string, layers: typeof layer[]) => [{ kind: 'schedule' as const, scheduleId: (await room.schedules.add(room.tenantId, { name, timeZone: 'UTC', externalRef: null, layers }, {})).id }];
  const [empty, half] = [await schedule('Empty', []), await schedule('Every other week', [layer])];
  const about = async (policyId: string) => (await room.warnings.warnings(room.tenantId)).filter((warning) => warning.policyId === policyId).map(({ code, step, stretches }) => [code, step, stretches.length]);
  expect(await about(await room.policy([to(ben), to(ada), empty]))).toEqual([['step_reaches_nobody', 0, 0], ['step_reaches_nobody', 2, 0]]);
  room.clock.forward(1_000);
  const atTimes = await about(await room.policy([half, to(ben)]));
  expect(atTimes.map(([code, step]) => [code, step])).toEqual([['policy_reaches_nobody', null], ['step_reaches_nobody', 0], ['step_reaches_nobody', 1]]);
  expect(atTimes[0]![2]).toBeGreaterThan(0);
  room.clock.forward(1_000);
  expect(await about(await room.policy([[...half, ...to(ada)]]))).toEqual([]);
  expect(await codes()).toEqual(expect.not.arrayContaining(['no_fallback', 'no_sender', 'no_policy']));
});
