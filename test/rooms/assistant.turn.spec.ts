import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { textOf } from '@throughline/scripted-model/prompt.js';
import { holdAt, Room } from './assistant.room.js';

let room: Room;
beforeAll(async () => {
  room = await Room.open({ limits: { checkEveryMs: 10 } });
});
afterEach(() => {
  expect(room.model.waiting()).toBe(0);
  room.model.reset();
});
afterAll(() => room.close());

const shown = (request = room.model.turns().at(-1)!): string[] => request.body.messages.map((message) => `${message.role}: ${textOf(message)}`);
const LEASE_MS = 90_000;
const DAY_MS = 86_400_000;

test('a question is answered once, however often the job runs', async () => {
  const ada = await room.customer();
  const seq = await ada.writes('When do you open?');
  room.model.next({ say: 'At eight.' });
  expect(await ada.turn(seq)).toBeUndefined();
  expect(await ada.turn(seq)).toBeUndefined();
  expect(await ada.heard()).toEqual(['At eight.']);
  expect(room.model.turns()).toHaveLength(1);
  expect(shown().at(-1)).toBe('user: When do you open?');
  const [turn] = await room.rows('select state, attempt, model, prompt_tokens, completion_tokens, error, ended_at from turns where conversation_sid = $1', [ada.sid]);
  expect(turn).toEqual({
    state: 'said', attempt: 1, model: 'scripted-model', prompt_tokens: expect.any(Number), completion_tokens: expect.any(Number),
    error: null, ended_at: room.clock.now(),
  });
});

test('a burst is answered by the turn of its newest message only, which sees all of it', async () => {
  const ada = await room.customer();
  const first = await ada.writes('Hello');
  const second = await ada.writes('Do you have parking?');
  await ada.turn(first);
  expect(room.model.turns()).toHaveLength(0);
  room.model.next({ say: 'Yes, behind the house.' });
  await ada.turn(second);
  expect(shown().slice(-2)).toEqual(['user: Hello', 'user: Do you have parking?']);
  expect(await ada.turns()).toEqual([{ up_to_seq: second, state: 'said', attempt: 1, error: null }]);
});

test('nothing is said while a colleague has the conversation, to a stranger to it, or with the assistant switched off', async () => {
  const ada = await room.customer();
  const seq = await ada.writes('Hello?');
  await room.services.conversations.changeOwner(room.tenant.id, ada.sid, { event: 'staff_took_over', cause: 'test', staff: 'Dana' });
  await ada.turn(seq);
  const stranger = await room.services.tenancy.addTenant('Another', {});
  await ada.turn(seq, stranger.id);
  const silent = await room.services.tenancy.addTenant('Silent', { assistant: { enabled: false } });
  const bob = await room.customer(silent);
  await bob.turn(await bob.writes('Hello?'));
  expect(room.model.turns()).toHaveLength(0);
  expect([...(await ada.heard()), ...(await bob.heard())]).toEqual([]);
});

test('two processes with the same job: one answers, the other comes back when the lease has run out', async () => {
  const ada = await room.customer();
  const seq = await ada.writes('Hello');
  const held = holdAt('turn.claimed');
  const first = ada.turn(seq);
  await held.reached;
  expect(await ada.turn(seq)).toEqual({ again: room.clock.in(LEASE_MS) });
  room.model.next({ say: 'Hi.' });
  held.release();
  await first;
  expect(await ada.turn(seq)).toBeUndefined();
  expect(await ada.heard()).toEqual(['Hi.']);
});

test('a message that arrives while the model speaks calls the answer off; one reply has seen both', async () => {
  const ada = await room.customer();
  const first = await ada.writes('I would like to');
  room.model.next({ steps: [{ say: 'Of course,' }, { hang: true }] });
  const answering = ada.turn(first);
  await room.model.received(1);
  const second = await ada.writes('cancel, please');
  await answering;
  room.model.next({ say: 'Cancelled.' });
  await ada.turn(second);
  expect(await ada.heard()).toEqual(['Cancelled.']);
  expect(shown().slice(-2)).toEqual(['user: I would like to', 'user: cancel, please']);
  expect((await ada.turns()).map(({ state }) => state)).toEqual(['superseded', 'said']);
});

test('two turns of one conversation at once end in one reply, and it has seen both messages', async () => {
  const ada = await room.customer();
  const first = await ada.writes('One');
  const held = holdAt('turn.answered');
  room.model.next({ say: 'To one.' });
  const slow = ada.turn(first);
  await held.reached;
  const second = await ada.writes('Two');
  room.model.next({ say: 'To both.' });
  await ada.turn(second);
  held.release();
  await slow;
  expect(await ada.heard()).toEqual(['To both.']);
  expect((await ada.turns()).map(({ state }) => state)).toEqual(['superseded', 'said']);
});

test('a colleague who takes over in the middle of an answer is not talked over', async () => {
  const ada = await room.customer();
  const seq = await ada.writes('Hello');
  room.model.next({ steps: [{ say: 'Hel' }, { hang: true }] });
  const answering = ada.turn(seq);
  await room.model.received(1);
  await room.services.conversations.changeOwner(room.tenant.id, ada.sid, { event: 'staff_took_over', cause: 'test', staff: 'Dana' });
  await answering;
  expect(await ada.heard()).toEqual([]);
  expect((await ada.turns())[0]).toMatchObject({ state: 'superseded', error: null });
});

test('what was thought before a colleague came and went is refused, although the assistant owns the conversation again', async () => {
  const ada = await room.customer();
  const seq = await ada.writes('Hello');
  const held = holdAt('turn.answered');
  room.model.next({ say: 'Of an older epoch.' });
  const slow = ada.turn(seq);
  await held.reached;
  const { conversations } = room.services;
  await conversations.changeOwner(room.tenant.id, ada.sid, { event: 'staff_took_over', cause: 'test', staff: 'Dana' });
  await conversations.changeOwner(room.tenant.id, ada.sid, { event: 'staff_handed_back', cause: 'test', staff: null });
  held.release();
  await slow;
  expect(await ada.heard()).toEqual([]);
  room.model.next({ say: 'Of this one.' });
  await ada.turn(seq);
  expect(await ada.heard()).toEqual(['Of this one.']);
  expect((await ada.turns()).map(({ state }) => state)).toEqual(['superseded', 'said']);
});

test('every hand-back asks for a turn; the queue\'s clock asks for one once', async () => {
  const ada = await room.customer();
  const seq = await ada.writes('Hello');
  const { conversations } = room.services;
  const asked = async (): Promise<number> =>
    (await room.rows(`select 1 from outbox where name = 'assistant.turn' and payload = $1`, [{ conversationSid: ada.sid, upToSeq: seq }])).length;
  for (const times of [2, 3, 4]) {
    await conversations.changeOwner(room.tenant.id, ada.sid, { event: 'staff_took_over', cause: 'test', staff: 'Dana' });
    await conversations.changeOwner(room.tenant.id, ada.sid, { event: 'staff_handed_back', cause: 'test', staff: null });
    expect(await asked()).toBe(times);
  }
  for (const [day, owner] of [[1, 'assistant'], [2, 'queued'], [3, 'queued']] as const) {
    if (day < 3) await conversations.changeOwner(room.tenant.id, ada.sid, { event: 'assistant_handed_off', cause: 'test' });
    room.clock.forward(DAY_MS);
    const outcome = await ada.clock();
    expect([day, (await ada.conversation()).owner]).toEqual([day, owner]);
    expect(outcome).toEqual(owner === 'queued' ? { again: room.clock.in(DAY_MS) } : undefined);
  }
  expect(await asked()).toBe(5);
});

test('switched off before its turn came, the assistant leaves what is open to people, and what is answered alone', async () => {
  const { conversations, tenancy } = room.services;
  const tenant = await tenancy.addTenant('Going silent', {});
  const [ada, bob] = [await room.customer(tenant), await room.customer(tenant)];
  const [open, answered] = [await ada.writes('Hello?'), await bob.writes('Hello?')];
  await conversations.staffSays(tenant.id, { conversationSid: bob.sid, body: 'Dana here.', staff: 'Dana' });
  await conversations.changeOwner(tenant.id, bob.sid, { event: 'staff_handed_back', cause: 'test', staff: null });
  await tenancy.changeTenant(tenant.id, { settings: { assistant: { enabled: false } } });
  for (let times = 0; times < 2; times++) {
    await ada.turn(open);
    await bob.turn(answered);
  }
  expect(await Promise.all([ada, bob].map(async (one) => (await one.conversation()).owner))).toEqual(['queued', 'assistant']);
  expect([...(await ada.heard()), ...(await bob.heard()), ...room.model.turns()]).toEqual([]);
  expect((await ada.turns()).concat(await bob.turns()).map(({ state }) => state)).toEqual(['handed_off', 'superseded']);
});

test('after handing back, the model sees both marks and is told that it speaks again', async () => {
  const ada = await room.customer();
  const { conversations } = room.services;
  await ada.writes('I want Dana');
  await conversations.changeOwner(room.tenant.id, ada.sid, { event: 'staff_took_over', cause: 'test', staff: 'Dana' });
  await conversations.changeOwner(room.tenant.id, ada.sid, { event: 'staff_handed_back', cause: 'test', staff: null });
  room.model.next({ say: 'Gladly.' });
  await ada.turn(await ada.writes('And parking?'));
  expect(shown().slice(-5)).toEqual([
    'user: I want Dana',
    expect.stringMatching(/^system: Note: Dana took over/),
    expect.stringMatching(/^system: Note: Dana handed back/),
    'user: And parking?',
    'system: The conversation is with you now, whatever earlier notes say. Answer the customer.',
  ]);
});

test('a question that came back from the queue unanswered is answered in a new turn', async () => {
  const ada = await room.customer();
  const seq = await ada.writes('A person, please');
  room.model.next({ callTool: { name: 'hand_off', arguments: { reason: 'asks for a person' } } });
  await ada.turn(seq);
  await room.services.conversations.changeOwner(room.tenant.id, ada.sid, { event: 'queue_timed_out', cause: 'test' });
  room.model.next({ say: 'Nobody is free. Can I help?' });
  await ada.turn(seq);
  await ada.turn(seq);
  expect(await ada.heard()).toEqual(['I am bringing in a colleague who will get back to you here.', 'Nobody is free. Can I help?']);
  expect((await ada.turns()).map(({ state }) => state)).toEqual(['handed_off', 'said']);
});
