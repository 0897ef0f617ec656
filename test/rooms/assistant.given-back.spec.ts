import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { holdAt, Room } from './assistant.room.js';

let room: Room;
beforeAll(async () => {
  room = await Room.open();
});
afterEach(() => {
  expect(room.model.waiting()).toBe(0);
  room.model.reset();
});
afterAll(() => room.close());

const LEASE_MS = 90_000;
const own = (event: 'staff_took_over' | 'staff_handed_back', sid: string): Promise<unknown> =>
  room.services.conversations.changeOwner(room.tenant.id, sid, { event, cause: event, staff: 'Dana' });
const callIsOver = (sid: string): Promise<void> => room.services.assistant.live.over(room.tenant.id, sid);

test('a text whose worker died is answered, although a call came and went meanwhile', async () => {
  const ada = await room.customer();
  const seq = await ada.writes('Do you have an appointment tomorrow?');
  const held = holdAt('turn.claimed');
  const dead = ada.turn(seq).catch(() => undefined);
  await held.reached;
  await callIsOver(ada.sid);
  room.clock.forward(LEASE_MS);
  room.model.next({ say: 'Yes, at nine.' });
  await ada.turn(seq);
  expect(await ada.heard()).toEqual(['Yes, at nine.']);
  held.release();
  await dead;
});

test('a text whose first attempt met an error is answered, although a call came and went before the second', async () => {
  const ada = await room.customer();
  const seq = await ada.writes('Do you have an appointment tomorrow?');
  await room.rows('alter table facts rename to facts_away');
  await expect(ada.turn(seq)).rejects.toThrow(/facts/);
  await room.rows('alter table facts_away rename to facts');
  await callIsOver(ada.sid);
  room.model.next({ say: 'Yes, at nine.' });
  await ada.turn(seq);
  expect(await ada.heard()).toEqual(['Yes, at nine.']);
});

test('a question that was answered while a call ended is not answered again after a hand-back', async () => {
  const ada = await room.customer();
  const seq = await ada.writes('Hello');
  const held = holdAt('turn.answered');
  room.model.next({ say: 'Hi.' });
  const turn = ada.turn(seq);
  await held.reached;
  await callIsOver(ada.sid);
  held.release();
  await turn;
  await own('staff_took_over', ada.sid);
  await own('staff_handed_back', ada.sid);
  await ada.turn(seq);
  expect(await ada.heard()).toEqual(['Hi.']);
});

test('a process dies after saying it, and a colleague looks in and hands back: nobody says it twice', async () => {
  const ada = await room.customer();
  const seq = await ada.writes('Hello');
  const held = holdAt('say.committed');
  room.model.next({ say: 'Hi.' });
  const dead = ada.turn(seq);
  await held.reached;
  await own('staff_took_over', ada.sid);
  await own('staff_handed_back', ada.sid);
  await ada.turn(seq);
  held.release();
  await dead;
  expect(await ada.heard()).toEqual(['Hi.']);
  expect((await ada.turns()).map(({ state }) => state).toSorted()).toEqual(['said', 'superseded']);
});

test('a colleague who only attached what is not passed on has answered nothing', async () => {
  const ada = await room.customer();
  const seq = await ada.writes('Where are you?');
  await room.services.conversations.receiveFromConversation(room.tenant.id, {
    conversationSid: ada.sid, mirrorSid: 'IM00000000000000000000000000000a', author: 'dana', body: '', mediaTypes: ['image/png'], writtenAt: room.clock.now(),
  });
  room.clock.forward(2_000);
  await own('staff_handed_back', ada.sid);
  room.model.next({ say: 'Elm Street 1.' });
  await ada.turn(seq);
  expect(await ada.heard()).toEqual(['Elm Street 1.']);
});
