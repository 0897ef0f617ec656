import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { EscalationRoom } from './escalation.room.js';

let room: EscalationRoom;
beforeAll(async () => {
  room = await EscalationRoom.open();
});
afterAll(() => room.close());

const told = async (sid: string): Promise<number> =>
  (await room.conversations.latest(room.tenantId, sid, { limit: 50 })).filter(({ direction, body }) => direction === 'outbound' && body.startsWith('Ada ')).length;

test('whoever was merged into another since their report is told who comes, and spoken with, where their conversation goes on', async () => {
  const [ada, old, now] = [await room.person('Ada'), { phone: '+15551230001' }, { phone: '+15551230002' }];
  const [from, into] = [await room.customerTexts(old, 'There is smoke'), await room.customerTexts(now, 'Hello')];
  const id = await room.report(await room.policy([[{ kind: 'staff', staffId: ada.id }]]), { conversationSid: from });
  await room.run();
  await room.merges(from, into);
  await room.escalation.acknowledge(room.tenantId, id, { name: 'Ada', staffId: ada.id, via: 'api', attemptId: null });
  await room.run();
  expect([await told(from), await told(into)]).toEqual([0, 1]);
  const callback = await room.callbacks.connect(room.tenantId, { incidentId: id, attemptId: null, callSid: null, phone: ada.phone, key: 'one' });
  const { contactId } = await room.conversations.conversation(room.tenantId, into);
  expect(callback).toMatchObject({ conversationSid: into, contactId, phone: old.phone });
  for (const event of ['taker_ready', 'met'] as const) await room.callbacks.progress.happen(room.tenantId, callback.id, event, 'as a webhook says');
  expect(await room.conversations.conversation(room.tenantId, into)).toMatchObject({ owner: 'staff', staff: 'Ada' });
});

test('whoever was told before they were merged is not told again', async () => {
  const ada = await room.person('Ada');
  const [from, into] = [await room.customerTexts({ phone: '+15551230003' }, 'There is smoke'), await room.customerTexts({ phone: '+15551230004' }, 'Hello')];
  const id = await room.report(await room.policy([[{ kind: 'staff', staffId: ada.id }]]), { conversationSid: from });
  await room.escalation.acknowledge(room.tenantId, id, { name: 'Ada', staffId: ada.id, via: 'api', attemptId: null });
  const tells = await room.fresh.query(`select * from outbox where name = 'callback.tell'`);
  await room.run();
  expect([await told(from), await told(into)]).toEqual([1, 0]);
  await room.merges(from, into);
  // It was said in a call, whose words have no key, and whoever looked after it died before the job was done.
  await room.fresh.query(`update messages set turn_id = null where body like 'Ada is %'`);
  await room.fresh.query('insert into outbox select * from jsonb_populate_recordset(null::outbox, $1)', [JSON.stringify(tells)]);
  await room.run();
  expect([await told(from), await told(into)]).toEqual([1, 0]);
});

test('whoever reports it again after they were merged has the one incident, and what becomes of it is in the thread that goes on', async () => {
  const ada = await room.person('Ada');
  const [from, into] = [await room.customerTexts({ phone: '+15551230005' }, 'There is smoke'), await room.customerTexts({ phone: '+15551230006' }, 'Hello')];
  const policyId = await room.policy([[{ kind: 'staff', staffId: ada.id }]]);
  const id = await room.report(policyId, { conversationSid: from });
  await room.merges(from, into);
  expect(await room.escalation.waitsFor(room.tenantId, into)).toBe('anybody');
  expect([await room.report(policyId, { conversationSid: into }), await room.report(policyId, { conversationSid: from })]).toEqual([id, id]);
  await room.escalation.acknowledge(room.tenantId, id, { name: 'Ada', staffId: ada.id, via: 'api', attemptId: null });
  expect(await room.escalation.waitsFor(room.tenantId, into)).toBe('taker');
  const notes = async (sid: string): Promise<boolean> => (await room.conversations.latest(room.tenantId, sid, { limit: 50 })).some(({ body }) => body.startsWith('Ada has taken incident'));
  expect([await notes(from), await notes(into)]).toEqual([false, true]);
});

test('what is reported about somebody who was merged since is an incident of the conversation that goes on', async () => {
  const ada = await room.person('Ada');
  const [from, into] = [await room.customerTexts({ phone: '+15551230007' }, 'Hello'), await room.customerTexts({ phone: '+15551230008' }, 'Hello')];
  await room.merges(from, into);
  const id = await room.report(await room.policy([[{ kind: 'staff', staffId: ada.id }]]), { conversationSid: from });
  expect((await room.escalation.sighted(room.tenantId, id)).incident).toMatchObject({ conversationSid: into });
});

test('who had taken it and works here no more is not called to be connected; a phone that a colleague names is', async () => {
  const eve = await room.person('Eve');
  const policyId = await room.policy([[{ kind: 'staff', staffId: eve.id }]]);
  const id = await room.report(policyId, { conversationSid: await room.customerTexts({ phone: '+15551230009' }, 'There is smoke') });
  await room.run();
  const { id: attemptId } = (await room.escalation.sighted(room.tenantId, id)).attempts[0]!;
  await room.escalation.acknowledge(room.tenantId, id, { name: 'Eve', staffId: eve.id, via: 'link', attemptId });
  await room.leaves(eve, policyId);
  const wish = { incidentId: id, attemptId, callSid: null, phone: null, key: 'one' };
  await expect(room.callbacks.connect(room.tenantId, wish)).rejects.toMatchObject({ code: 'no_phone' });
  expect(await room.callbacks.connect(room.tenantId, { ...wish, attemptId: null, phone: '+15551230010' })).toMatchObject({ takerPhone: '+15551230010' });
});

/** The person texts and two incidents of theirs are taken, the second one because it is worse: by Ada and by Ben. */
async function takenTwice(customer: { phone: string }) {
  const [ada, ben] = [await room.person('Ada'), await room.person('Ben')];
  const conversationSid = await room.customerTexts(customer, 'There is smoke');
  const policyId = await room.policy([[ada, ben].map(({ id }) => ({ kind: 'staff' as const, staffId: id }))]);
  const take = async (urgency: number, { id: staffId }: { id: string }, name: string): Promise<string> => {
    const id = await room.report(policyId, { conversationSid, urgency });
    await room.escalation.acknowledge(room.tenantId, id, { name, staffId, via: 'api', attemptId: null });
    return id;
  };
  const connect = (incidentId: string, { phone }: { phone: string }) => room.callbacks.connect(room.tenantId, { incidentId, attemptId: null, callSid: null, phone, key: incidentId });
  return { first: { take: () => take(4, ada, 'Ada'), connect: (id: string) => connect(id, ada) }, second: { take: () => take(5, ben, 'Ben'), connect: (id: string) => connect(id, ben) } };
}
/** As the webhooks say, one after the other. */
async function happen(id: string, ...events: Parameters<typeof room.progress.happen>[2][]): Promise<string | undefined> {
  for (const event of events) await room.progress.happen(room.tenantId, id, event, 'as a webhook says');
  return (await room.progress.find(room.tenantId, id))?.state;
}

test('who speaks with a colleague by one incident is not fetched out of that room by another one', async () => {
  const customer = { phone: '+15551230010' };
  const { first, second } = await takenTwice(customer);
  const one = await first.take();
  await room.customerCalls(customer);
  const { id } = await first.connect(one);
  expect(await happen(id, 'taker_ready', 'person_answered', 'met')).toBe('connected');
  const other = await second.take();
  expect(other).not.toBe(one);
  await expect(second.connect(other)).rejects.toMatchObject({ code: 'person_busy' });
});

test('who was called back by one incident, and speaks with a colleague, is not called a second time by another one', async () => {
  const customer = { phone: '+15551230011' };
  const { first, second } = await takenTwice(customer);
  const { id } = await first.connect(await first.take());
  await happen(id, 'taker_ready');
  await room.drives.callback.drive(room.tenantId, id);
  expect([await happen(id, 'person_answered', 'met'), room.twilio.control.calls(customer.phone).length]).toEqual(['connected', 1]);
  const other = await second.take();
  await expect(second.connect(other)).rejects.toMatchObject({ code: 'person_busy' });
  await happen(id, 'person_left');
  expect(await second.connect(other)).toMatchObject({ state: 'calling', phone: customer.phone });
});

test('whoever answers their phone when the person has come to somebody else takes nobody away', async () => {
  const customer = { phone: '+15551230012' };
  const { first, second } = await takenTwice(customer);
  const one = await first.take();
  const callSid = await room.customerCalls(customer);
  const late = await first.connect(one);
  const { id } = await second.connect(await second.take());
  expect(await happen(id, 'taker_ready', 'person_answered', 'met')).toBe('connected');
  expect(await happen(late.id, 'taker_ready')).toBe('reaching');
  await room.drives.callback.drive(room.tenantId, late.id);
  expect([(await room.progress.find(room.tenantId, late.id))?.state, room.movesOf(callSid)]).toEqual(['unanswered', []]);
});

const OURS = '+15550000001';

/** Somebody known by text and by a call of theirs, and a stranger on the line who only shows their number. */
async function shown(address: string): Promise<{ sid: string; own: string; stranger: string }> {
  const sid = await room.customerTexts({ phone: address }, 'There is smoke');
  const [own, stranger] = ['1', '2'].map((digit) => `CA${address.slice(1).padStart(32, digit)}`) as [string, string];
  await room.calls.begin(room.tenantId, { callSid: own, address, sender: OURS, proved: true });
  room.clock.forward(1_000);
  expect(await room.calls.begin(room.tenantId, { callSid: stranger, address, sender: OURS, proved: false })).toMatchObject({ conversationSid: sid });
  return { sid, own, stranger };
}

const taken = async (conversationSid: string, phone: string): Promise<{ id: string; ada: { id: string; phone: string } }> => {
  const ada = await room.person('Ada');
  const id = await room.report(await room.policy([[{ kind: 'staff', staffId: ada.id }]]), { conversationSid, callback: phone });
  await room.escalation.acknowledge(room.tenantId, id, { name: 'Ada', staffId: ada.id, via: 'api', attemptId: null });
  return { id, ada };
};

test('whoever only shows the number of somebody with an incident is not told who comes, nor that anybody does; who wrote is', async () => {
  const { sid, own, stranger } = await shown('+15551230201');
  await room.calls.move(room.tenantId, own, 'hung_up', 'test');
  await taken(sid, '+15551230201');
  expect(await room.callbacks.waitsFor((await room.calls.find(room.tenantId, stranger))!)).toBeNull();
  await room.run();
  expect([await room.calls.takeWord(room.tenantId, stranger), await told(sid)]).toEqual([null, 1]);
});

test('who takes an incident is connected with the caller whose number is theirs, not with a later one who only shows it', async () => {
  const { sid, own } = await shown('+15551230202');
  const { id, ada } = await taken(sid, '+15551230202');
  expect(await room.callbacks.connect(room.tenantId, { incidentId: id, attemptId: null, callSid: null, phone: ada.phone, key: 'one' })).toMatchObject({ personCallSid: own });
});

test('whoever has said it in a call in which a number is only shown is told in that call, and connected from there', async () => {
  const { sid, own, stranger } = await shown('+15551230203');
  await room.calls.move(room.tenantId, own, 'hung_up', 'test');
  const call = (await room.calls.find(room.tenantId, stranger))!;
  await room.conversations.aloud.hear(room.tenantId, { conversationSid: sid, body: 'Help!', aloud: room.calls.aloud(call), key: 'help' });
  const { id, ada } = await taken(sid, '+15551230203');
  expect(await room.callbacks.waitsFor(call)).toBe('taker');
  await room.run();
  expect([await room.calls.takeWord(room.tenantId, stranger), await told(sid)]).toEqual([expect.stringMatching(/^Ada is on it/), 0]);
  expect(await room.callbacks.connect(room.tenantId, { incidentId: id, attemptId: null, callSid: null, phone: ada.phone, key: 'one' })).toMatchObject({ personCallSid: stranger });
});

test('a late word of a call of the taker that was lost is not about the one in its place', async () => {
  const ada = await room.person('Ada');
  const sid = await room.customerTexts({ phone: '+15551230101' }, 'There is smoke');
  const { id } = await taken(sid, '+15551230101');
  const begun = await room.callbacks.connect(room.tenantId, { incidentId: id, attemptId: null, callSid: null, phone: ada.phone, key: 'one' });
  const { progress } = room;
  const [first, second] = ['1', '2'].map((digit) => `CA${digit.repeat(32)}`) as [string, string];
  await progress.attach(room.tenantId, begun.id, 'taker', first);
  for (const event of ['taker_answered', 'taker_ready', 'taker_lost'] as const) await progress.happen(room.tenantId, begun.id, event, 'as Twilio says');
  expect(await progress.attach(room.tenantId, begun.id, 'taker', first)).toBeNull();
  expect(await progress.find(room.tenantId, begun.id)).toMatchObject({ state: 'calling', takerCallSid: null, takerCalls: 2 });
  expect(await progress.attach(room.tenantId, begun.id, 'taker', second)).toMatchObject({ takerCallSid: second });
});
