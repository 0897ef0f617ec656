import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { Rule } from '@throughline/scripted-model/script.js';
import { holdAt, Room } from './assistant.room.js';

let room: Room;
beforeAll(async () => {
  room = await Room.open({ timeouts: { firstTokenMs: 2_000, gapMs: 1_000 } });
});
afterEach(() => {
  expect(room.model.waiting()).toBe(0);
  room.model.reset();
});
afterAll(() => room.close());

test.each<[string, Rule | [Rule, Rule], string]>([
  ['is down', { fail: 503 }, 'model_unavailable'],
  ['is over its limit', { fail: 429 }, 'model_rate_limited'],
  ['refuses the key', { fail: 401 }, 'model_refused'],
  ['never begins', { hang: true }, 'model_timeout'],
  ['breaks off half-way', { say: 'We open at eight and close at six.', stopAfterWords: 3 }, 'model_stopped_halfway'],
  ['ends half-way in good order', { say: 'We open at eight.', stopAfterWords: 3, stopBy: 'end' }, 'model_stopped_halfway'],
  ['falls silent half-way', { steps: [{ say: 'We open' }, { hang: true }] }, 'model_timeout'],
  ['says nothing', { say: '' }, 'model_said_nothing'],
  ['says only what may not be said', { say: '[Dana, staff] \u0000' }, 'model_said_nothing'],
  ['runs out of tokens', { say: 'And then, and then', finish: 'length' }, 'model_rambled'],
  ['rambles, and goes on when it is asked to be brief', [{ say: 'word '.repeat(1_000) }, { say: 'word '.repeat(900) }], 'model_rambled'],
  ['is stopped by a filter', { say: 'I', finish: 'content_filter' }, 'model_refused'],
])('a model that %s: one honest line, a hand-off, once', async (_, directive, code) => {
  const ada = await room.customer();
  const seq = await ada.writes('When do you open?');
  for (const one of [directive].flat()) room.model.next(one);
  expect(await ada.turn(seq)).toBeUndefined();
  expect(await ada.turn(seq)).toBeUndefined();
  expect(await ada.heard()).toEqual([room.tenant.settings.assistant.apology]);
  expect((await ada.conversation()).owner).toBe('queued');
  expect(await ada.turns()).toEqual([{ up_to_seq: seq, state: 'failed', attempt: 1, error: code }]);
  expect(await room.rows('select cause from transitions where conversation_sid = $1', [ada.sid])).toEqual([{ cause: `the model failed: ${code}` }]);
});

test('the line is the one the tenant has chosen', async () => {
  const tenant = await room.services.tenancy.addTenant('Salon', { assistant: { apology: 'Un instant, on vous répond.' } });
  const ada = await room.customer(tenant);
  room.model.next({ fail: 500 });
  await ada.turn(await ada.writes('Bonjour'));
  expect(await ada.heard()).toEqual(['Un instant, on vous répond.']);
});

test('a failure is no news to a customer who has written again: the next turn has both', async () => {
  const ada = await room.customer();
  const first = await ada.writes('One');
  const held = holdAt('turn.answered');
  room.model.next({ fail: 500 });
  const failing = ada.turn(first);
  await held.reached;
  const second = await ada.writes('Two');
  held.release();
  await failing;
  room.model.next({ say: 'To both.' });
  await ada.turn(second);
  expect(await ada.heard()).toEqual(['To both.']);
  expect((await ada.turns()).map(({ state }) => state)).toEqual(['superseded', 'said']);
});

test('a failure is not reported over the head of a colleague', async () => {
  const ada = await room.customer();
  const seq = await ada.writes('One');
  const held = holdAt('turn.answered');
  room.model.next({ fail: 500 });
  const failing = ada.turn(seq);
  await held.reached;
  await room.services.conversations.changeOwner(room.tenant.id, ada.sid, { event: 'staff_took_over', cause: 'test', staff: 'Dana' });
  held.release();
  await failing;
  expect(await ada.heard()).toEqual([]);
  expect((await ada.conversation()).owner).toBe('staff');
});

test('a turn has an end, however lively the model is', async () => {
  const hasty = await Room.open({ limits: { wholeMs: 50 } });
  const ada = await hasty.customer();
  const seq = await ada.writes('Tell me all');
  hasty.model.next({ steps: [{ say: 'It begins' }, { hang: true }] });
  await ada.turn(seq);
  expect(await ada.heard()).toEqual([hasty.tenant.settings.assistant.apology]);
  expect((await ada.turns())[0]).toMatchObject({ state: 'failed', error: 'turn_too_long' });
  await hasty.close();
});
