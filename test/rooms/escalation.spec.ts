import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { eventually } from '../harness/eventually.js';
import { EscalationRoom } from './escalation.room.js';
import { diesAt } from './plumbing.js';

const [NONE, ONCE] = [{ calls: 0, texts: 0 }, { calls: 1, texts: 1 }];
const staff = (...people: { id: string }[]) => people.map(({ id }) => ({ kind: 'staff' as const, staffId: id }));

let room: EscalationRoom;
let ruinsPasswords: () => Promise<void>;
beforeAll(async () => {
  room = await EscalationRoom.open();
  ruinsPasswords = await room.opensMailbox();
});
afterAll(() => room.close());
beforeEach(() => room.clock.forward(3_600_000));

test.each([
  'incident.reported', 'escalation.fired', 'alert.claimed', 'alert.sent', 'place.claimed', 'place.placed', 'escalation.happened',
])('whoever dies at %s: each of a step is called and texted once, and no step is left out', async (point) => {
  const [ada, ben, cleo] = [await room.person('Ada'), await room.person('Ben'), await room.person('Cleo')];
  const policyId = await room.policy([staff(ada, ben), staff(cleo)]);
  const hasDied = diesAt(point);
  await room.report(policyId, {}, point).catch(() => undefined);
  await room.run();
  expect(hasDied()).toBe(true);
  // Whoever reported it got no answer, and does it again.
  const id = await room.report(policyId, {}, point);
  await room.pass(105);
  expect([ada, ben, cleo].map((person) => room.reached(person))).toEqual([ONCE, ONCE, NONE]);
  await room.pass(90);
  expect([ada, ben, cleo].map((person) => room.reached(person))).toEqual([ONCE, ONCE, ONCE]);
  expect(await room.stateOf(id)).toBe('waiting 0/1');
  await room.escalation.cancel(room.tenantId, id, 'Dana');
});

test.each([
  'escalation.acknowledged', 'alert.claimed', 'alert.sent', 'escalation.happened',
])('whoever dies at %s when somebody has taken it: phones that ring are ended, each of the others is told once, and nobody is left out', async (point) => {
  const [ada, ben, cleo] = [await room.person('Ada'), await room.person('Ben'), await room.person('Cleo')];
  const id = await room.report(await room.policy([staff(ada, ben, cleo), staff(ada)]));
  await room.run();
  const live = () => [ada, ben, cleo].flatMap(({ phone }) => room.twilio.control.calls(phone)).filter(({ status }) => !/completed|canceled|no-answer/.test(status)).length;
  expect(live()).toBe(3);
  const hasDied = diesAt(point);
  const take = () => room.escalation.acknowledge(room.tenantId, id, { name: 'Ada', staffId: ada.id, via: 'api', attemptId: null });
  await take().catch(() => undefined);
  await room.run();
  expect(hasDied()).toBe(true);
  // Whoever took it got no answer, perhaps, and does it again.
  expect(await take()).toMatchObject({ isFirst: false, incident: { acknowledgedBy: 'Ada' } });
  await room.pass(60);
  const told = ({ phone }: { phone: string }) => room.twilio.control.phone(phone).messages.filter(({ body }) => /Ada has taken/.test(body)).length;
  expect([[ada, ben, cleo].map(told), live()]).toEqual([[0, 1, 1], 0]);
  await room.pass(240);
  expect([ada, ben, cleo].map((person) => room.reached(person))).toEqual([ONCE, ONCE, ONCE]);
});

test('two at once, who do the same: a step fires once, and one of two who take it has it', async () => {
  const ada = await room.person('Ada');
  const id = await room.report(await room.policy([staff(ada)], 2));
  await Promise.all([room.run(), room.run(), room.run()]);
  expect(room.reached(ada)).toEqual(ONCE);
  const taker = (name: string) => ({ name, staffId: null, via: 'api' as const, attemptId: null });
  const taken = await Promise.all(['Dana', 'Eve'].map((name) => room.escalation.acknowledge(room.tenantId, id, taker(name))));
  expect(taken.map(({ isFirst }) => isFirst).sort()).toEqual([false, true]);
  expect(new Set(taken.map(({ incident }) => incident.acknowledgedBy)).size).toBe(1);
  await room.pass(300);
  expect(room.reached(ada)).toEqual(ONCE);
});

test('an empty step is skipped at once; when all are gone through, the fallback is told, and it can still be taken', async () => {
  const ada = await room.person('Ada');
  const nobody = await room.schedules.add(room.tenantId, { name: 'Empty', timeZone: 'UTC', externalRef: null, layers: [] }, {});
  const fallback = { phone: '+15559990000' };
  const before = room.reached(fallback).calls;
  const id = await room.report(await room.policy([[{ kind: 'schedule', scheduleId: nobody.id }], staff(ada)], 2));
  await room.run();
  expect([room.reached(ada), await room.stateOf(id)]).toEqual([ONCE, 'waiting 0/1']);
  await room.pass(120);
  expect([room.reached(ada), await room.stateOf(id)]).toEqual([{ calls: 2, texts: 2 }, 'waiting 1/1']);
  await room.pass(120);
  expect([room.reached(fallback).calls, await room.stateOf(id)]).toEqual([before + 1, 'exhausted 1/1']);
  expect(await room.escalation.acknowledge(room.tenantId, id, { name: 'Ada', staffId: ada.id, via: 'api', attemptId: null })).toMatchObject({ isFirst: true });
});

test('when the shift changes in the middle of a step, the next one is told too, and nobody a second time', async () => {
  const [ada, ben] = [await room.person('Ada'), await room.person('Ben')];
  const layer = { name: 'all', level: 0, startsAt: '2026-01-01T00:00', endsAt: null, every: 1, unit: 'weeks' as const, rotation: [[ada.id]], hours: [] };
  const { id: scheduleId } = await room.schedules.add(room.tenantId, { name: 'Relieved', timeZone: 'UTC', externalRef: null, layers: [layer] }, {});
  await room.exceptions.add(room.tenantId, scheduleId, {
    kind: 'cover', startsAt: room.clock.in(60_000), endsAt: room.clock.in(3_600_000), removes: null, staff: [ben.id], reason: null,
  }, {});
  const id = await room.report(await room.policy([[{ kind: 'schedule', scheduleId }]]));
  await room.pass(45);
  expect([room.reached(ada), room.reached(ben)]).toEqual([ONCE, NONE]);
  await room.pass(30);
  expect([room.reached(ada), room.reached(ben), await room.stateOf(id)]).toEqual([ONCE, ONCE, 'waiting 0/0']);
  await room.escalation.cancel(room.tenantId, id, 'Dana');
});

test('a ladder whose alarm was lost is found by the watch: it goes on, and the fallback is told', async () => {
  const [ada, ben] = [await room.person('Ada'), await room.person('Ben')];
  const before = room.reached({ phone: '+15559990000' }).texts;
  const id = await room.report(await room.policy([staff(ada), staff(ben)]));
  await room.run();
  await room.fresh.query(`delete from outbox where name = 'escalation.climb'`);
  await room.pass(240);
  expect([room.reached(ada), room.reached(ben), room.reached({ phone: '+15559990000' }).texts]).toEqual([ONCE, ONCE, before + 1]);
  await room.escalation.cancel(room.tenantId, id, 'Dana');
});

test('a process that was away for long: the step that was due fires when it is back, once, and the fallback is told', async () => {
  const [ada, ben] = [await room.person('Ada'), await room.person('Ben')];
  const before = room.reached({ phone: '+15559990000' });
  const id = await room.report(await room.policy([staff(ada), staff(ben)]));
  await room.run();
  room.clock.forward(1_800_000);
  await room.pass(15);
  expect([room.reached(ada), room.reached(ben), await room.stateOf(id)]).toEqual([ONCE, ONCE, 'waiting 0/1']);
  expect(room.reached({ phone: '+15559990000' }).calls).toBe(before.calls + 1);
  await room.escalation.cancel(room.tenantId, id, 'Dana');
});

test('who works here no more takes nothing by the alert that they still have: the link opens nothing, and their text is that of anybody', async () => {
  const eve = await room.person('Eve');
  const policyId = await room.policy([staff(eve)]);
  const id = await room.report(policyId);
  await room.run();
  const { incident, attempts } = await room.escalation.sighted(room.tenantId, id);
  expect(await Promise.all(attempts.map((attempt) => room.opens(attempt.id)))).toEqual([expect.objectContaining({ incident }), expect.objectContaining({ incident })]);
  await room.leaves(eve, policyId);
  expect(await Promise.all(attempts.map((attempt) => room.opens(attempt.id)))).toEqual([null, null]);
  expect(await Promise.all(attempts.map((attempt) => room.escalation.isForSomebodyHere(attempt)))).toEqual([false, false]);
  const sid = await room.customerTexts(eve, incident.code);
  expect((await room.conversations.latest(room.tenantId, sid, { limit: 5 })).map(({ body }) => body)).toEqual([incident.code]);
  expect(await room.stateOf(id)).toBe('waiting 0/0');
  await room.escalation.cancel(room.tenantId, id, 'Dana');
});

test('a drill is about no customer: a real report would join it', async () => {
  const policyId = await room.policy([staff(await room.person('Ada'))]);
  await expect(room.report(policyId, { isDrill: true, callback: '+15551230001' })).rejects.toMatchObject({ kind: 'invalid' });
});

test('one key is one incident, and not another', async () => {
  const policyId = await room.policy([staff(await room.person('Ada'))]);
  const [id, ...others] = await Promise.all([1, 2, 3].map(() => room.report(policyId, {}, 'key 1')));
  expect(others).toEqual([id, id]);
  expect(await room.report(policyId, {}, 'key 1')).toBe(id);
  await expect(room.report(policyId, { reason: 'Fire' }, 'key 1')).rejects.toMatchObject({ code: 'key_used' });
  await room.escalation.cancel(room.tenantId, id!, 'Dana');
  await expect(room.escalation.sighted(room.tenantId, 'nonsense')).rejects.toMatchObject({ kind: 'not_found' });
});

test('halves of characters, and signs that no database keeps, stop nothing: it is reported, told, taken and reported again', async () => {
  const ada = await room.person('Ada');
  const odd = { reason: 'Fire \uD83D\u0000', source: '\uDE00\u0000monitor' };
  const policyId = await room.policy([staff(ada)]);
  const id = await room.report(policyId, odd, 'odd');
  expect(await room.report(policyId, odd, 'odd')).toBe(id);
  await room.run();
  expect(room.reached(ada)).toEqual(ONCE);
  const call = (await room.escalation.sighted(room.tenantId, id)).attempts.find(({ channel }) => channel === 'voice')!;
  await room.escalation.happened(room.tenantId, call.id, 'failed', `${'x'.repeat(299)}🌸\u0000\uD83D`, null);
  await room.escalation.acknowledge(room.tenantId, id, { name: 'Dana \u0000\uD83D', staffId: null, via: 'api', attemptId: null });
  await room.run();
  const { incident, attempts } = await room.escalation.sighted(room.tenantId, id);
  expect([incident.reports[0], incident.acknowledgedBy, attempts.find((each) => each.id === call.id)!.trouble]).toEqual([expect.objectContaining({ reason: 'Fire \uFFFD', source: '\uFFFDmonitor' }), 'Dana \uFFFD', `${'x'.repeat(299)}🌸`]);
  const other = await room.report(policyId, odd);
  await room.escalation.cancel(room.tenantId, other, '\u0000Dana\uDE00');
  expect(await room.stateOf(other)).toBe('cancelled 0/0');
});

test('a START ends the STOP to another number of ours; a STOP after it counts again', async () => {
  const ada = await room.person('Ada');
  const [one, other] = ['+15550000001', '+15550000002'];
  const stands: boolean[] = [];
  for (const [word, sender] of [['stop', one], ['start', other], ['stop', other], ['start', one], ['start', one]] as const) stands.push(await room.writes(ada, word, sender));
  expect(stands).toEqual([true, false, true, false, false]);
});

test.each(['alert.claimed', 'alert.sent'])('whoever dies at %s: WhatsApp is written to once, inside the template; nobody who has none waits for it', async (point) => {
  const [ada, ben] = [await room.person('Ada Lovelace', ['whatsapp']), await room.person('Ben', ['sms'])];
  const hasDied = diesAt(point);
  const id = await room.report(await room.policy([staff(ada), staff(ben)], 1, ['whatsapp']));
  await room.pass(60);
  expect([hasDied(), room.whatsapps(ada)]).toEqual([true, [expect.stringMatching(/^Hi Ada, news: Elm Clinic: urgent case\. Code \d{4}: .*Write to us to go on\.$/)]]);
  await room.pass(90);
  expect([room.whatsapps(ada).length, room.reached(ben).texts]).toEqual([1, 1]);
  await room.escalation.cancel(room.tenantId, id, 'Dana');
});

test.each(['429', '500-before'] as const)('Twilio answers %s to everything: the mail comes within the step, and once; so does the rest when Twilio is back', async (kind) => {
  const ada = await room.person('Ada', ['voice', 'sms', 'email']);
  const fault = room.twilio.control.fault({ kind, times: 0 });
  const id = await room.report(await room.policy([staff(ada)], 1));
  await room.run();
  await room.pass(15);
  expect(room.mailsTo(ada.email)).toBe(0);
  await room.pass(30);
  expect([room.mailsTo(ada.email), room.reached(ada), await room.stateOf(id)]).toEqual([1, NONE, 'notifying 0/0']);
  await room.pass(150);
  expect(await room.stateOf(id)).toBe('exhausted 0/0');
  room.twilio.control.clearFaults(fault.id);
  await room.pass(60);
  expect([room.mailsTo(ada.email), room.reached(ada)]).toEqual([1, ONCE]);
  await room.escalation.cancel(room.tenantId, id, 'Dana');
});

test('what cannot go out on WhatsApp goes some other way at once', async () => {
  const ada = await room.person('Ada', ['whatsapp', 'sms']);
  room.twilio.control.setPhone({ address: `whatsapp:${ada.phone}`, outcome: 'rejected:63024' });
  const id = await room.report(await room.policy([staff(ada)], 1, ['whatsapp']));
  await room.run();
  expect(room.reached(ada).texts).toBe(1);
  await room.escalation.cancel(room.tenantId, id, 'Dana');
});

test('the passwords of a mailbox cannot be read: whoever would get a mail is texted at once, however many wait for it', async () => {
  const [ada, ...others] = await Promise.all(Array.from({ length: 6 }, (_, n) => room.person(`Ada ${n}`, ['email', 'sms'])));
  await ruinsPasswords();
  const id = await room.report(await room.policy([staff(ada!, ...others)], 1, ['email']));
  await room.run();
  await room.pass(15);
  await room.run();
  await eventually('all six to be texted', () => [ada!, ...others].every((person) => room.reached(person).texts === 1));
  await room.escalation.cancel(room.tenantId, id, 'Dana');
});

test('whoever comes back when their time is over takes nothing away from who has it by then', async () => {
  const ada = await room.person('Ada', ['sms']);
  const id = await room.report(await room.policy([staff(ada)]));
  await room.run();
  const attemptId = (await room.escalation.sighted(room.tenantId, id)).attempts[0]!.id;
  await room.fresh.query(`update incident_attempts set state = 'pending', provider_sid = null, tries = 0 where id = $1`, [attemptId]);
  const claim = () => room.escalation.claim(room.tenantId, attemptId, room.clock.in(35_000));
  const slow = (await claim())!;
  room.clock.forward(36_000);
  const second = (await claim())!;
  await room.escalation.release(room.tenantId, slow, null);
  await room.escalation.release(room.tenantId, slow, room.clock.now());
  expect(await claim()).toBeNull();
  await room.escalation.release(room.tenantId, second, null);
  expect(await claim()).toMatchObject({ tries: 2 });
  await room.escalation.cancel(room.tenantId, id, 'Dana');
});

test('twenty PINs at once are five tries, whatever they are; an hour later it opens again, and right ones count for nothing', async () => {
  const ada = await room.person('Ada');
  const tries = async (...pins: string[]): Promise<string[]> => (await Promise.all(pins.map((pin) => room.pins.check(room.tenantId, ada.id, pin)))).map(({ outcome }) => outcome).sort();
  expect(await tries('402917')).toEqual(['none']);
  await room.pins.set(room.tenantId, ada.id, '402917', 'Dana');
  for (let n = 0; n < 3; n += 1) expect(await tries('402917')).toEqual(['right']);
  expect(await tries(...Array.from({ length: 20 }, () => '111222'))).toEqual([...Array.from({ length: 16 }, () => 'closed'), ...Array.from({ length: 4 }, () => 'wrong')]);
  expect(await tries('402917')).toEqual(['closed']);
  room.clock.forward(3_601_000);
  expect(await tries('402917')).toEqual(['right']);
  const log = await room.fresh.query<{ cause: string }>(`select cause from transitions where machine = 'staff_pin' and entity_id = $1`, [ada.id]);
  expect(log.map(({ cause }) => cause).sort()).toEqual(['5 wrong ones within an hour', 'by Dana']);
});
