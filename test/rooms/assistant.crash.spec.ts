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

test('a process that dies over a turn loses it when its lease runs out; if it wakes up again, nothing is said twice', async () => {
  const ada = await room.customer();
  const seq = await ada.writes('Hello');
  const held = holdAt('turn.answered');
  room.model.next({ say: 'From the first.' });
  const dead = ada.turn(seq);
  await held.reached;
  room.clock.forward(LEASE_MS);
  room.model.next({ say: 'From the second.' });
  await ada.turn(seq);
  const noted = await room.rows('select * from turns where conversation_sid = $1', [ada.sid]);
  held.release();
  await dead;
  expect(await ada.heard()).toEqual(['From the second.']);
  expect(await room.rows('select * from turns where conversation_sid = $1', [ada.sid])).toEqual(noted);
  expect(await ada.turns()).toEqual([{ up_to_seq: seq, state: 'said', attempt: 2, error: null }]);
});

test('a process that dies after saying it: the next one finds the words and asks no model', async () => {
  const ada = await room.customer();
  const seq = await ada.writes('Hello');
  const held = holdAt('say.committed');
  room.model.next({ say: 'Hi.' });
  const dead = ada.turn(seq);
  await held.reached;
  room.clock.forward(LEASE_MS);
  await ada.turn(seq);
  expect(room.model.turns()).toHaveLength(1);
  expect(await ada.heard()).toEqual(['Hi.']);
  expect(await ada.turns()).toEqual([{ up_to_seq: seq, state: 'said', attempt: 2, error: null }]);
  held.release();
  await dead;
});

test.each([
  ['say.committed', 'said'],
  ['turn.claimed', 'superseded'],
] as const)('a turn left behind at %s is known as %s, although a newer message has made it pointless', async (point, state) => {
  const ada = await room.customer();
  const seq = await ada.writes('Hello');
  const held = holdAt(point);
  if (state === 'said') room.model.next({ say: 'Hi.' });
  const dead = ada.turn(seq);
  await held.reached;
  await ada.writes('And?');
  expect(await ada.turn(seq)).toEqual({ again: room.clock.in(LEASE_MS) });
  room.clock.forward(LEASE_MS);
  expect(await ada.turn(seq)).toBeUndefined();
  expect((await ada.turns())[0]).toMatchObject({ state, attempt: 1 });
  if (state === 'superseded') room.model.next({ say: 'Too late.' });
  held.release();
  await dead;
  expect((await ada.turns())[0]).toMatchObject({ state, attempt: 1 });
  expect(await ada.heard()).toEqual(state === 'said' ? ['Hi.'] : []);
});

test('a hand-off whose process died is known as one', async () => {
  const ada = await room.customer();
  const seq = await ada.writes('A person, please');
  const held = holdAt('say.committed');
  room.model.next({ callTool: { name: 'hand_off', arguments: { reason: 'asks', message: 'Dana will write to you.' } } });
  const dead = ada.turn(seq);
  await held.reached;
  room.clock.forward(LEASE_MS);
  await ada.turn(seq);
  expect((await ada.turns())[0]).toMatchObject({ state: 'handed_off' });
  expect(await ada.heard()).toEqual(['Dana will write to you.']);
  held.release();
  await dead;
});

test('a turn that three processes died over ends with one honest line', async () => {
  const ada = await room.customer();
  const seq = await ada.writes('Hello');
  const dead: { release(): void; run: Promise<unknown> }[] = [];
  for (let attempt = 1; attempt <= 3; attempt++) {
    const held = holdAt('turn.claimed');
    dead.push({ release: held.release, run: ada.turn(seq) });
    await held.reached;
    room.clock.forward(LEASE_MS);
  }
  await ada.turn(seq);
  expect(room.model.turns()).toHaveLength(0);
  expect(await ada.heard()).toEqual([room.tenant.settings.assistant.apology]);
  expect((await ada.conversation()).owner).toBe('queued');
  expect(await ada.turns()).toEqual([{ up_to_seq: seq, state: 'failed', attempt: 4, error: 'turn_kept_failing' }]);
  for (const { release, run } of dead) {
    release();
    await run;
  }
  expect(await ada.heard()).toHaveLength(1);
});

test('an unexpected error is thrown to the job, and the next attempt may begin at once', async () => {
  const ada = await room.customer();
  const seq = await ada.writes('Hello');
  await room.rows('alter table facts rename to facts_away');
  await expect(ada.turn(seq)).rejects.toThrow(/facts/);
  await room.rows('alter table facts_away rename to facts');
  room.model.next({ say: 'Hi.' });
  await ada.turn(seq);
  expect(await ada.heard()).toEqual(['Hi.']);
  expect(await ada.turns()).toEqual([{ up_to_seq: seq, state: 'said', attempt: 2, error: null }]);
});
