import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Room } from './assistant.room.js';
import { EscalationRoom } from './escalation.room.js';

// Whoever asks for a second connection inside a transaction waits for others that do the same, with all of them in hand, for ever. With one there is nobody to wait for.

let room: EscalationRoom;
let desk: Room;
beforeAll(async () => {
  [desk, room] = [await Room.open({ isAlone: true }), await EscalationRoom.open({ isAlone: true })];
  await room.opensMailbox();
});
afterAll(() => Promise.all([room.close(), desk.close()]));
beforeEach(() => room.clock.forward(3_600_000));

test('a text is received, judged and answered, people take over, and it is given back', async () => {
  const ada = await desk.customer();
  await desk.services.policies.add(desk.tenant.id, { name: 'All', steps: [{ targets: [{ kind: 'all' }], channels: ['sms'], waitSeconds: 60 }], rounds: 1, slaSeconds: null }, undefined, undefined);
  desk.model.next({ callTool: { name: 'raise_emergency', arguments: { urgency: 5, reason: 'Water in the hall' } } });
  desk.model.next({ callTool: { name: 'hand_off', arguments: { reason: 'water', message: 'Dana will write to you.' } } });
  await ada.turn(await ada.writes('There is water in the hall'));
  expect(await desk.rows('select urgency from incidents where conversation_sid = $1', [ada.sid])).toEqual([{ urgency: 5 }]);
  expect([await ada.heard(), (await ada.conversation()).owner]).toEqual([['Dana will write to you.'], 'queued']);
  desk.clock.forward(24 * 3_600_000);
  await ada.clock();
  expect((await ada.conversation()).owner).toBe('assistant');
  await desk.services.conversations.changeOwner(desk.tenant.id, ada.sid, { event: 'staff_took_over', cause: 'test', staff: 'Dana' });
  desk.clock.forward(24 * 3_600_000);
  await ada.clock();
  desk.model.next({ say: 'At eight.' });
  await ada.turn(await ada.writes('When do you open?'));
  expect(await ada.heard()).toEqual(['Dana will write to you.', 'At eight.']);
});

test('an incident goes all the way up: call, text, mail, another way, a change of shift, the fallback; it is taken, and everybody is told', async () => {
  const [ada, ben, cleo] = [await room.person('Ada', ['voice', 'sms', 'email']), await room.person('Ben', ['whatsapp', 'sms']), await room.person('Cleo', ['sms'])];
  const layer = { name: 'all', level: 0, startsAt: '2026-01-01T00:00', endsAt: null, every: 1, unit: 'weeks' as const, rotation: [[ada.id]], hours: [] };
  const { id: scheduleId } = await room.schedules.add(room.tenantId, { name: 'Relieved', timeZone: 'UTC', externalRef: null, layers: [layer] }, {});
  await room.exceptions.add(room.tenantId, scheduleId, { kind: 'cover', startsAt: room.clock.in(60_000), endsAt: room.clock.in(3_600_000), removes: null, staff: [ben.id], reason: null }, {});
  room.twilio.control.setPhone({ address: `whatsapp:${ben.phone}`, outcome: 'rejected:63024' });
  const customer = { phone: '+15551230001' };
  const conversationSid = await room.customerTexts(customer, 'Hello');
  await room.customerTexts(customer, 'There is smoke');
  const policyId = await room.policy([[{ kind: 'schedule', scheduleId }], [{ kind: 'staff', staffId: cleo.id }]], 1, ['voice', 'sms', 'email', 'whatsapp']);
  const id = await room.report(policyId, { conversationSid }, 'key');
  expect(await room.report(policyId, { conversationSid, urgency: 4 })).toBe(id);
  await room.pass(300);
  expect([room.reached(ada), room.mailsTo(ada.email), room.reached(ben).texts, room.reached(cleo).texts]).toEqual([{ calls: 1, texts: 1 }, 1, 1, 1]);
  expect(await room.stateOf(id)).toBe('exhausted 0/1');
  await room.escalation.acknowledge(room.tenantId, id, { name: 'Cleo', staffId: cleo.id, via: 'api', attemptId: null });
  await room.pass(60);
  expect(room.mailsTo(ada.email)).toBe(2);
  const thread = await room.conversations.latest(room.tenantId, conversationSid, { limit: 50 });
  expect(thread.map(({ body }) => body)).toEqual(expect.arrayContaining([expect.stringMatching(/^Cleo has taken incident/), expect.stringMatching(/^Cleo /)]));
});

test('a drill begins, is called off, and what would go wrong is known', async () => {
  const dan = await room.person('Dan');
  const policyId = await room.policy([[{ kind: 'staff', staffId: dan.id }]]);
  const due = room.clock.in(600_000);
  const { id } = await room.drills.add(room.tenantId, { name: 'Weekly', policyId, timeZone: 'UTC', day: due.getUTCDay() || 7, time: due.toISOString().slice(11, 16), everyWeeks: 1 }, 'Dana', undefined);
  await room.pass(615);
  const [run] = await room.drills.runs(room.tenantId, id, null, 10);
  expect(run).toMatchObject({ outcome: 'begun', state: 'waiting' });
  await room.escalation.cancel(room.tenantId, run!.incidentId!, 'Dana');
  await room.run();
  expect([room.reached(dan), await room.warnings.warnings(room.tenantId)]).toEqual([{ calls: 1, texts: 1 }, []]);
});
