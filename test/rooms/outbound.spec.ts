import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { uuidv7 } from '@throughline/kernel/ids.js';
import fc from 'fast-check';
import { holdAt } from './assistant.room.js';
import { OutboundRoom } from './outbound.room.js';

const MINUTE = 60_000;

let room: OutboundRoom;
beforeAll(async () => {
  room = await OutboundRoom.open();
});
afterAll(() => room.close());
beforeEach(async () => {
  room.clock.forward(24 * 60 * MINUTE);
  await room.rows(`update outbound_calls set state = 'reached' where state in ('waiting', 'placing', 'ringing', 'talking', 'leaving')`);
  room.twilio.control.clearFaults();
});

/** As its last webhook tells it. */
const ends = async (id: string, status: string, sip: number | null = null): Promise<string> => {
  const { tryId, callSid } = await room.call(id);
  await room.outbound.progress.told(room.tenant.id, tryId!, callSid!, status, sip);
  return (await room.call(id)).state;
};
const code = (work: Promise<unknown>): Promise<string> => work.then(() => 'done', (error: { code: string }) => error.code);

test.each(['place.claimed', 'place.placed'] as const)('whoever calls dies at %s: the next one calls once in all, and who wakes up again changes nothing', async (point) => {
  const ada = await room.person();
  const { id } = await ada.isWanted();
  const held = holdAt(point);
  const dead = room.drive(id);
  await held.reached;
  expect(await room.drive(id)).toEqual({ again: room.clock.in(20_000) });
  room.clock.forward(20_000);
  await room.drive(id);
  const call = await room.call(id);
  expect([call.state, call.callSid]).toEqual(['ringing', ada.calls[0]!.callSid]);
  held.release();
  await dead;
  expect([ada.calls.length, await room.call(id)]).toEqual([1, call]);
});

test('many hands at once place one call', async () => {
  const ada = await room.person();
  const { id } = await ada.isWanted();
  await Promise.all(Array.from({ length: 6 }, () => room.drive(id)));
  expect(ada.calls).toHaveLength(1);
});

test('Twilio is too busy, or its answer is lost: the call is placed once; what it refuses for good ends it, with the number', async () => {
  const ada = await room.person();
  room.twilio.control.fault({ kind: '429', match: { method: 'POST', path: 'Calls' } });
  const { id } = await ada.isWanted();
  await expect(room.drive(id)).rejects.toMatchObject({ code: 'twilio_20429' });
  room.twilio.control.fault({ kind: 'drop-answer', match: { method: 'POST', path: 'Calls' } });
  await expect(room.drive(id)).rejects.toMatchObject({ code: 'twilio_unreachable' });
  room.clock.forward(20_000);
  await room.drive(id);
  expect([(await room.call(id)).state, ada.calls.length]).toEqual(['ringing', 1]);
  const bob = await room.person();
  room.twilio.control.answering(bob.address, { how: 'refused:21215' });
  expect(await bob.isCalled()).toMatchObject({ state: 'failed', errorCode: 21_215, cause: expect.stringContaining('Calls to this country') });
  expect((await bob.notes()).at(-1)).toContain('The customer was not called about: your visit');
});

test('nobody is called who has not agreed, or says stop before it comes to it; nor at a number that is not theirs', async () => {
  const stranger = await room.person({ agrees: false });
  expect(await code(stranger.isWanted())).toBe('not_consented');
  expect(await code(stranger.isWanted({ kind: 'marketing' }))).toBe('not_consented');
  const ada = await room.person();
  const { id } = await ada.isWanted();
  await ada.writes('STOP');
  await room.drive(id);
  expect([await room.call(id), ada.calls]).toMatchObject([{ state: 'refused', cause: expect.stringContaining('opted out') }, []]);
  expect(await code(ada.isWanted({ address: '+15559999999' }))).toBe('no_number');
  expect(await code(ada.isWanted({ from: '+15559999999' }))).toBe('invalid');
  for (const hours of [{ latest: room.clock.now() }, { earliest: room.clock.in(31 * 24 * 60 * MINUTE) }, { latest: room.clock.in(31 * 24 * 60 * MINUTE) }]) {
    expect(await code(ada.isWanted(hours))).toBe('invalid');
  }
});

test('who has asked for a call that cannot be made is for people to see to', async () => {
  const ada = await room.person({ agrees: false });
  room.twilio.control.answering(ada.address, { how: 'refused:21215' });
  await ada.isCalled({ askedAt: room.clock.now(), requestedBy: 'assistant' });
  const [row] = await room.rows<{ owner: string }>('select owner from conversations where conversation_sid = $1', [ada.sid]);
  expect(row!.owner).toBe('queued');
});

test('who is on the phone is not called a second time; too many at once wait for each other; nobody is called too often', async () => {
  await room.change({ outbound: { atOnce: 1, perNumberADay: 2 } });
  const [ada, bob] = [await room.person(), await room.person()];
  const first = await ada.isCalled();
  expect(await ada.isCalled()).toMatchObject({ state: 'waiting', cause: 'they are on the phone' });
  const waiting = await bob.isCalled();
  expect(waiting).toMatchObject({ state: 'waiting', cause: '1 calls are under way' });
  expect(await ends(first.id, 'no-answer')).toBe('no_answer');
  await room.rows(`update calls set state = 'ended'`);
  await room.drive(waiting.id);
  expect((await room.call(waiting.id)).state).toBe('ringing');
  await ends(waiting.id, 'busy');
  expect(await ends((await ada.isCalled()).id, 'busy')).toBe('busy');
  await room.rows(`update calls set state = 'ended'`);
  expect(await ada.isCalled()).toMatchObject({ state: 'refused', cause: 'this number was called 2 times within a day; that is too late' });
  await room.change({ outbound: null });
});

test('a busy line is tried again as often as was wished, each time by a call of its own, and the one before has no say any more', async () => {
  const ada = await room.person();
  const { id, tryId, callSid } = await ada.isCalled({ again: { times: 1, afterMinutes: 5 } });
  expect(await ends(id, 'busy', 486)).toBe('waiting');
  await room.rows(`update calls set state = 'ended'`);
  await room.drive(id);
  expect(ada.calls).toHaveLength(1);
  room.clock.forward(5 * MINUTE);
  await room.drive(id);
  await room.outbound.progress.told(room.tenant.id, tryId!, callSid!, 'no-answer', null);
  expect([(await room.call(id)).state, ada.calls.length]).toEqual(['ringing', 2]);
  expect(await ends(id, 'failed', 480)).toBe('no_answer');
  expect((await ada.notes()).filter((note) => note.includes('Nobody answered'))).toHaveLength(1);
});

test('a machine that was heard out before its receiver was noted as picked up gets its message all the same, once', async () => {
  const ada = await room.person();
  const { id, tryId, callSid } = await ada.isCalled({ whenMachine: 'leave_message', message: 'Call us.' });
  const { progress } = room.outbound;
  await progress.detected(room.tenant.id, tryId!, callSid!, 'machine_end_beep');
  expect(await progress.answered(room.tenant.id, tryId!, callSid!)).toBeNull();
  expect([await progress.leavesMessage(room.tenant.id, tryId!, callSid!), (await room.call(id)).state]).toEqual(['Call us.', 'message_left']);
  expect((await ada.notes()).filter((note) => note.includes('Call us.'))).toHaveLength(1);
});

test('a call is called off while it waits and while it rings, not while somebody speaks; a phone that is answered all the same hears nobody', async () => {
  const ada = await room.person();
  const waiting = await ada.isWanted({ earliest: room.clock.in(MINUTE) });
  expect((await room.outbound.cancel(room.tenant.id, waiting.id)).state).toBe('cancelled');
  const { id, tryId, callSid } = await ada.isCalled();
  await room.outbound.cancel(room.tenant.id, id);
  expect((await room.outbound.cancel(room.tenant.id, id)).state).toBe('cancelled');
  expect(await room.outbound.progress.answered(room.tenant.id, tryId!, callSid!)).toBeNull();
  await room.drive(id);
  expect(ada.calls.map(({ status }) => status)).toEqual(['canceled']);
  const bob = await room.person();
  const talk = await bob.isCalled();
  await room.outbound.progress.answered(room.tenant.id, talk.tryId!, talk.callSid!);
  expect(await code(room.outbound.cancel(room.tenant.id, talk.id))).toBe('not_possible_now');
});

test('all webhooks are lost: Twilio is asked when a state has lasted too long; who cannot be called in time is not', async () => {
  const [ada, bob] = [await room.person(), await room.person()];
  const rung = await ada.isCalled();
  await room.rings(rung);
  room.twilio.control.decline(rung.callSid!);
  room.clock.forward(MINUTE);
  await room.drive(rung.id);
  expect((await room.call(rung.id)).state).toBe('busy');
  // What they hear takes its time, so that the call goes on.
  room.twilio.control.fault({ kind: 'webhook-late', match: { event: 'voice' }, delayMs: 60 * MINUTE });
  const talk = await bob.isCalled();
  await room.rings(talk);
  room.twilio.control.answer(talk.callSid!);
  await room.outbound.progress.answered(room.tenant.id, talk.tryId!, talk.callSid!);
  room.clock.forward(5 * MINUTE);
  expect(await room.drive(talk.id)).toEqual({ again: room.clock.in(5 * MINUTE) });
  room.twilio.control.hangUp(talk.callSid!);
  room.clock.forward(5 * MINUTE);
  await room.drive(talk.id);
  expect((await room.call(talk.id)).state).toBe('reached');
  const late = await bob.isWanted({ latest: room.clock.in(MINUTE) });
  room.clock.forward(MINUTE);
  await room.drive(late.id);
  expect([(await room.call(late.id)).state, (await bob.notes()).at(-1)]).toEqual(['expired', expect.stringContaining('was not called')]);
});

test('the same key is one call; another tenant sees, cancels and calls nobody here', async () => {
  const ada = await room.person();
  const [one, other] = await Promise.all([1, 2].map(() => ada.isWanted({ key: 'k' })));
  expect(one!.id).toBe(other!.id);
  expect(await code(ada.isWanted({ key: 'k', purpose: 'something else' }))).toBe('key_used');
  const { id: stranger } = await room.tenancy.addTenant('Oak Clinic', {});
  await room.tenancy.addSender(stranger, { channel: 'voice', address: '+15550000009', origin: 'api' });
  const asked = { purpose: 'x', kind: 'service', whenMachine: 'talk', requestedBy: 'api' } as const;
  expect([
    await code(room.outbound.call(stranger, one!.id)), await code(room.outbound.cancel(stranger, one!.id)), await code(room.outbound.request(stranger, { ...asked, conversationSid: ada.sid })),
    await code(room.outbound.request(stranger, { ...asked, contactId: one!.contactId })), await code(room.outbound.request(stranger, { ...asked, address: ada.address })),
    await code(room.outbound.call(room.tenant.id, uuidv7(1))), await code(room.outbound.call(room.tenant.id, 'x')),
  ]).toEqual(['not_found', 'not_found', 'not_found', 'not_found', 'no_number', 'not_found', 'not_found']);
  expect(await room.outbound.list(stranger, { state: null, conversationSid: null, after: null, limit: 10 })).toEqual([]);
});

test('what a call was about goes with the words of the thread, when these are kept no longer', async () => {
  const ada = await room.person();
  const { id } = await ada.isCalled();
  const purged = (): Promise<unknown> => room.database.transaction(room.tenant.id, (tx) => room.outbound.purge(tx, ada.sid, room.clock.in(1)));
  await purged();
  expect((await room.call(id)).purpose).toBe('your visit');
  await ends(id, 'busy');
  await purged();
  expect(await room.call(id)).toMatchObject({ state: 'busy', purpose: '', opening: '', cause: null });
});

test('who is erased is not called any more, and nothing says what it was about', async () => {
  const ada = await room.person();
  const { id, contactId } = await ada.isWanted();
  await room.database.transaction(room.tenant.id, (tx) => room.outbound.erase(tx, [contactId]));
  await room.drive(id);
  expect([await room.call(id), ada.calls]).toMatchObject([{ state: 'cancelled', address: '', purpose: '', opening: '' }, []]);
});

test('in whatever order its words come, and however often: it ends once, as one of them says, and nobody is called again', async () => {
  const { progress } = room.outbound;
  const told = { placed: 'placed', answered: 'answered', machine: 'machine_start', over: 'completed', busy: 'busy', cancel: 'cancel' } as const;
  await fc.assert(fc.asyncProperty(fc.array(fc.constantFrom(...Object.keys(told) as (keyof typeof told)[]), { minLength: 1, maxLength: 8 }), async (words) => {
    const ada = await room.person();
    const { id, tryId, callSid } = await ada.isCalled({ whenMachine: 'hang_up' });
    const ends: string[] = [];
    for (const word of words) {
      if (word === 'placed') await progress.placed(room.tenant.id, tryId!, callSid!);
      else if (word === 'answered') await progress.answered(room.tenant.id, tryId!, callSid!);
      else if (word === 'machine') await progress.detected(room.tenant.id, tryId!, callSid!, told.machine);
      else if (word === 'cancel') await progress.happen(room.tenant.id, id, 'cancelled', 'called off');
      else await progress.told(room.tenant.id, tryId!, callSid!, told[word], null);
      await room.drive(id);
      const { state } = await room.call(id);
      if (!['ringing', 'talking'].includes(state)) ends.push(state);
    }
    await room.rows(`update outbound_calls set state = 'reached' where id = $1 and state in ('ringing', 'talking')`, [id]);
    expect([new Set(ends).size <= 1, ada.calls.length]).toEqual([true, 1]);
  }), { numRuns: 25 });
});
