import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { EscalationRoom } from './escalation.room.js';

// Who is told of an incident, whose it is, and what their words mean.

const [NONE, ONCE] = [{ calls: 0, texts: 0 }, { calls: 1, texts: 1 }];
const staff = (...people: { id: string }[]) => people.map(({ id }) => ({ kind: 'staff' as const, staffId: id }));

let room: EscalationRoom;
beforeAll(async () => {
  room = await EscalationRoom.open();
});
afterAll(() => room.close());
beforeEach(() => room.clock.forward(3_600_000));

test('it becomes an emergency while a later step waits: who was left in peace before is told at once, and nobody a second time', async () => {
  const [ada, ben] = [await room.person('Ada'), await room.person('Ben')];
  await room.fresh.query(`update staff_members set do_not_disturb = '[{"days":[1,2,3,4,5,6,7],"from":"00:00","to":"00:00"}]' where id = $1`, [ada.id]);
  const conversationSid = await room.customerTexts({ phone: '+15551239003' }, 'A tap drips');
  const policyId = await room.policy([staff(ada), staff(ben)]);
  const id = await room.report(policyId, { conversationSid, urgency: 3 });
  await room.run();
  expect([room.reached(ada), room.reached(ben), await room.stateOf(id)]).toEqual([NONE, ONCE, 'waiting 0/1']);
  expect(await room.report(policyId, { conversationSid, urgency: 5, reason: 'The house is on fire' })).toBe(id);
  await room.run();
  expect([room.reached(ada), room.reached(ben), await room.stateOf(id)]).toEqual([ONCE, ONCE, 'waiting 0/1']);
  await room.pass(60);
  expect([room.reached(ada), room.reached(ben)]).toEqual([ONCE, ONCE]);
  await room.escalation.cancel(room.tenantId, id, 'Dana');
});

test('two colleagues of one name: who has not taken it reads who has, is not called for it, and cannot be connected by their own text', async () => {
  const [one, other] = [await room.person('Maria'), await room.person('Maria')];
  const conversationSid = await room.customerTexts({ phone: '+15551239001' }, 'There is smoke');
  const id = await room.report(await room.policy([staff(one, other)]), { conversationSid });
  await room.run();
  const { incident, attempts } = await room.escalation.sighted(room.tenantId, id);
  const [ones, others] = [one, other].map((person) => attempts.find(({ staffId, channel }) => staffId === person.id && channel === 'sms')!.id);
  await room.escalation.acknowledge(room.tenantId, id, { name: 'Maria', staffId: other.id, via: 'link', attemptId: others! });
  expect(await room.replies(one, incident.code)).toBe(false);
  await room.run();
  expect(room.textsTo(one).filter((body) => /You have/.test(body))).toEqual([]);
  const connect = (attemptId: string | null) => room.callbacks.connect(room.tenantId, { incidentId: id, attemptId, callSid: null, phone: null, key: 'one' });
  await expect(connect(ones!)).rejects.toMatchObject({ code: 'not_yours' });
  expect(await connect(null)).toMatchObject({ takerPhone: other.phone });
});

test('in a night of many alarms the code of an older one still takes it', async () => {
  const ada = await room.person('Ada');
  const policyId = await room.policy([staff(ada)]);
  const id = await room.report(policyId, { reason: 'The first alarm' });
  await room.run();
  // Its step waits for two hours.
  await room.fresh.query(`update incidents set due_at = due_at + interval '2 hours', wake_at = wake_at + interval '2 hours' where id = $1`, [id]);
  const other = await room.report(policyId, { reason: 'Another one' });
  await room.run();
  // As often as ten rounds of six alarms would have told of it.
  await room.fresh.query(
    `insert into incident_attempts (id, tenant_id, incident_id, key, says, round, step, staff_id, name, channel, address, press_key, state, created_at, changed_at)
     select gen_random_uuid(), tenant_id, incident_id, key || '/' || n, says, round, step, staff_id, name, channel, address, press_key, state, created_at + n * interval '1 second', changed_at
     from incident_attempts, generate_series(1, 60) n where incident_id = $1 and channel = 'sms'`, [other],
  );
  room.clock.forward(60_000);
  await room.replies(ada, (await room.escalation.sighted(room.tenantId, id)).incident.code);
  expect(await room.stateOf(id)).toBe('acknowledged 0/0');
  await room.escalation.cancel(room.tenantId, other, 'Dana');
});

test('whose text was on its way when somebody took it is told who has it, once', async () => {
  const [ada, ben] = [await room.person('Ada', ['voice']), await room.person('Ben', ['sms'])];
  room.twilio.control.fault({ kind: 'drop-answer', match: { method: 'POST', path: '/Messages\\.json$' } });
  const id = await room.report(await room.policy([staff(ada, ben)]));
  await room.run();
  const text = (await room.escalation.sighted(room.tenantId, id)).attempts.find(({ staffId }) => staffId === ben.id)!;
  expect([room.reached(ben).texts, text.state]).toEqual([1, 'pending']);
  await room.escalation.acknowledge(room.tenantId, id, { name: 'Ada', staffId: ada.id, via: 'api', attemptId: null });
  await room.run();
  const sid = room.sidAtTwilio(ben);
  for (const what of ['accepted', 'delivered', 'accepted'] as const) await room.escalation.happened(room.tenantId, text.id, what, 'a receipt of Twilio', sid);
  await room.pass(60);
  expect(room.textsTo(ben)).toEqual([expect.stringMatching(/urgent case/), expect.stringMatching(/Ada has taken/)]);
});

test('a fallback that was told when the ladder stood still is told again when no step is left', async () => {
  const [ada, ben] = [await room.person('Ada'), await room.person('Ben')];
  const fallback = { phone: '+15559990000' };
  const { calls, texts } = room.reached(fallback);
  const id = await room.report(await room.policy([staff(ada), staff(ben)]));
  await room.run();
  // The hub is away for three minutes.
  room.clock.forward(200_000);
  await room.pass(15);
  expect(room.reached(fallback)).toEqual({ calls: calls + 1, texts: texts + 1 });
  await room.pass(300);
  expect([await room.stateOf(id), room.reached(fallback)]).toEqual(['exhausted 0/1', { calls: calls + 2, texts: texts + 2 }]);
});

test('who has it writes on: that is about what they have, stands in its thread, and is answered by nothing; a customer is who writes hours later', async () => {
  const ada = await room.person('Ada');
  const conversationSid = await room.customerTexts({ phone: '+15551239004' }, 'There is smoke');
  const id = await room.report(await room.policy([staff(ada)]), { conversationSid });
  await room.run();
  await room.replies(ada, (await room.escalation.sighted(room.tenantId, id)).incident.code);
  await room.run();
  const texts = room.textsTo(ada).length;
  expect(await room.replies(ada, 'On my way. The patient has chest pain,\nthe ambulance is called.')).toBe(false);
  await room.run();
  expect(room.textsTo(ada).length).toBe(texts);
  const thread = await room.conversations.latest(room.tenantId, conversationSid, { limit: 50 });
  expect(thread.filter(({ body }) => body.includes('chest pain')).map(({ direction, body }) => [direction, body])).toEqual([
    ['internal', expect.stringMatching(/^Ada, who has incident \d{4}, writes: "On my way\. The patient has chest pain, the ambulance is called\."$/)],
  ]);
  const log = await room.fresh.query<{ cause: string }>(`select cause from transitions where entity_id = $1 and cause like 'Ada, sms:%'`, [id]);
  expect(log).toEqual([{ cause: 'Ada, sms: has written about it' }]);
  room.clock.forward(4 * 3_600_000);
  expect(await room.replies(ada, 'When do you open?')).toBe(true);
});
