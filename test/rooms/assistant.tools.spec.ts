import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { textOf } from '@throughline/scripted-model/prompt.js';
import { Room } from './assistant.room.js';

let room: Room;
beforeAll(async () => {
  room = await Room.open({ settings: { timeZone: 'Asia/Tokyo' } });
});
afterEach(() => {
  expect(room.model.waiting()).toBe(0);
  room.model.reset();
});
afterAll(() => room.close());

const audit = (sid: string): Promise<unknown[]> =>
  room.rows('select tool, arguments, outcome, result from tool_calls where conversation_sid = $1 order by started_at, id', [sid]);
const results = (): string[] => room.model.turns().at(-1)!.body.messages.filter(({ role }) => role === 'tool').map(textOf);

test('a fact is kept, audited, reported to the model, and known from the next turn on, on every channel', async () => {
  const ada = await room.customer();
  const seq = await ada.writes('I prefer mornings');
  room.model.next({ callTool: { name: 'remember', arguments: { fact: 'Prefers mornings' } } });
  room.model.next({ afterTool: 'remember', say: 'Noted.' });
  await ada.turn(seq);
  expect(await ada.heard()).toEqual(['Noted.']);
  expect(results()).toEqual(['Remembered.']);
  expect(await audit(ada.sid)).toEqual([{ tool: 'remember', arguments: { fact: 'Prefers mornings' }, outcome: 'done', result: 'Remembered.' }]);
  const [source] = await room.rows('select m.seq, f.statement from facts f join messages m on m.id = f.source_message_id where f.conversation_sid = $1', [ada.sid]);
  expect(source).toEqual({ seq, statement: 'Prefers mornings' });

  const next = await ada.writes('Hello again', 'whatsapp');
  room.model.next({ callTool: { name: 'remember', arguments: { fact: 'prefers MORNINGS' } } });
  room.model.next({ afterTool: 'remember', say: 'I know.' });
  await ada.turn(next);
  expect(results()).toEqual(['This was known already.']);
  const [system, first] = room.model.turns().at(-1)!.body.messages.map(textOf);
  expect(system).toContain('- Prefers mornings');
  expect(first).toBe('(by SMS) I prefer mornings');
});

test.each([
  ['in the call', { say: 'Let me see.', callTool: { name: 'hand_off', arguments: { reason: 'angry', message: 'Dana will write to you.' } } }, 'Dana will write to you.'],
  ['beside the call', { say: 'I am fetching somebody.', callTool: { name: 'hand_off', arguments: { reason: 'angry' } } }, 'I am fetching somebody.'],
  ['by default', { callTool: { name: 'hand_off', arguments: { reason: 'angry' } } }, 'I am bringing in a colleague who will get back to you here.'],
])('handing off ends the turn, with words %s', async (_, directive, line) => {
  const ada = await room.customer();
  const seq = await ada.writes('This is a disgrace');
  room.model.next(directive);
  await ada.turn(seq);
  expect(await ada.heard()).toEqual([line]);
  expect((await ada.conversation()).owner).toBe('queued');
  expect(room.model.turns()).toHaveLength(1);
  expect(await ada.turns()).toEqual([{ up_to_seq: seq, state: 'handed_off', attempt: 1, error: null }]);
  expect(await room.rows('select cause from transitions where conversation_sid = $1', [ada.sid])).toEqual([{ cause: 'angry' }]);
  expect(await audit(ada.sid)).toEqual([expect.objectContaining({ tool: 'hand_off', outcome: 'done' })]);
});

test('what comes after a hand-off in the same breath is not carried out', async () => {
  const ada = await room.customer();
  room.model.next({ callTool: [{ name: 'hand_off', arguments: { reason: 'angry' } }, { name: 'remember', arguments: { fact: 'Is angry' } }] });
  await ada.turn(await ada.writes('This is a disgrace'));
  expect(await audit(ada.sid)).toHaveLength(1);
});

test.each([
  ['arguments that do not fit', { name: 'remember', arguments: { fact: 7 } }, /^refused: The arguments of remember are not usable/],
  ['broken JSON', { name: 'remember', arguments: '{"fact": "x' }, /^refused: The arguments of remember are not usable/],
  ['a tool that does not exist', { name: 'refund', arguments: {} }, /^refused: There is no tool refund/],
])('%s: refused, audited, and the model may do better', async (_, callTool, report) => {
  const ada = await room.customer();
  room.model.next({ callTool });
  room.model.next({ afterTool: callTool.name, say: 'Sorry.' });
  await ada.turn(await ada.writes('Remember me'));
  expect(results()).toEqual([expect.stringMatching(report)]);
  expect(await audit(ada.sid)).toEqual([expect.objectContaining({ tool: callTool.name, outcome: 'refused' })]);
  expect(await ada.heard()).toEqual(['Sorry.']);
});

test('a tool that breaks: audited with its reason, reported without, and the turn goes on', async () => {
  const ada = await room.customer();
  const seq = await ada.writes('I like tea');
  room.model.next(async () => {
    await room.rows('alter table facts add constraint no_tea check (statement not like \'%tea%\')');
    return [{ callTool: { name: 'remember', arguments: { fact: 'Likes tea' } } }];
  });
  room.model.next({ afterTool: 'remember', say: 'That did not work.' });
  await ada.turn(seq);
  await room.rows('alter table facts drop constraint no_tea');
  expect(results()).toEqual(['failed: remember failed. Do not say that it was done.']);
  expect(await audit(ada.sid)).toEqual([expect.objectContaining({ outcome: 'failed', result: expect.stringContaining('no_tea') })]);
  expect(await ada.heard()).toEqual(['That did not work.']);
});

test('the time is that of the tenant', async () => {
  const ada = await room.customer();
  room.model.next({ callTool: { name: 'current_time' } });
  room.model.next({ afterTool: 'current_time', say: 'Six in the evening.' });
  await ada.turn(await ada.writes('How late is it?'));
  expect(results()).toEqual(['Monday, 5 January 2026, 18:00 (Asia/Tokyo)']);
});

test('characters that no database takes are no reason to fall silent', async () => {
  const ada = await room.customer();
  room.model.next({ callTool: { name: 'remember', arguments: '{"fact":"Likes\\u0000 tea \\ud83d"}' } });
  room.model.next({ afterTool: 'remember', say: 'No\u0000ted.' });
  await ada.turn(await ada.writes('I like tea'));
  expect(await audit(ada.sid)).toEqual([expect.objectContaining({ arguments: { fact: 'Likes tea \ufffd' }, outcome: 'done' })]);
  expect(await ada.heard()).toEqual(['Noted.']);
});

test('a model that cannot leave its tools alone is asked a last time without them', async () => {
  const ada = await room.customer();
  room.model.next({ callTool: { name: 'current_time' } });
  room.model.next({ afterTool: 'current_time', times: 3, callTool: { name: 'current_time' } });
  room.model.next({ afterTool: 'current_time', say: 'Enough.' });
  await ada.turn(await ada.writes('Hello'));
  const offered = room.model.turns().map(({ body }) => body.tools?.length ?? 0);
  expect(offered).toEqual([10, 10, 10, 10, 0]);
  expect(await ada.heard()).toEqual(['Enough.']);
});

test('nothing is done for a turn that has become stale', async () => {
  const ada = await room.customer();
  const seq = await ada.writes('I like tea');
  room.model.next(async () => {
    await ada.writes('No, coffee');
    return [{ callTool: { name: 'remember', arguments: { fact: 'Likes tea' } } }];
  });
  await ada.turn(seq);
  expect(await room.services.memory.factsOf(room.tenant.id, (await ada.conversation()).contactId)).toEqual([]);
  expect((await ada.turns())[0]).toMatchObject({ state: 'superseded' });
  expect(await ada.heard()).toEqual([]);
});

test('tools work for the conversation of the turn, whatever the arguments say', async () => {
  const [ada, bob] = [await room.customer(), await room.customer()];
  await bob.writes('Hi');
  const target = await bob.conversation();
  room.model.next({ callTool: { name: 'remember', arguments: { fact: 'Likes tea', contactId: target.contactId, tenantId: 'x', conversationSid: bob.sid } } });
  room.model.next({ afterTool: 'remember', say: 'Noted.' });
  await ada.turn(await ada.writes('Remember for Bob that he likes tea'));
  expect(await room.services.memory.factsOf(room.tenant.id, target.contactId)).toEqual([]);
  expect(await audit(ada.sid)).toEqual([expect.objectContaining({ arguments: { fact: 'Likes tea' }, outcome: 'done' })]);
});

test('for somebody who has not shown who they are nothing is kept, and only the address they write from can be silenced', async () => {
  const ada = await room.customer();
  await ada.writes('Hi');
  await ada.writes('Hi', 'whatsapp');
  await room.rows(`update addresses set trust = 'claimed' where channel = 'whatsapp' and contact_id = $1`, [(await ada.conversation()).contactId]);
  room.model.next({ callTool: { name: 'remember', arguments: { fact: 'Is the owner' } } });
  room.model.next({ afterTool: 'remember', callTool: { name: 'withdraw_consent', arguments: { everywhere: true, message: 'Nowhere any more. Write START.' } } });
  await ada.turn(await ada.writes('I am the owner. Silence all of it', 'whatsapp'));
  expect(results()).toEqual(['refused: The customer has not shown who they are.']);
  expect(await room.rows('select 1 from facts where conversation_sid = $1', [ada.sid])).toEqual([]);
  expect(await room.rows('select c.channel from consents c join messages m on m.id = c.message_id where m.conversation_sid = $1', [ada.sid])).toEqual([{ channel: 'whatsapp' }]);
  expect(await ada.heard()).toEqual([expect.stringContaining('from us here')]);
});

describe('withdraw_consent', () => {
  const confirmed = { callTool: { name: 'withdraw_consent', arguments: { everywhere: true, message: 'Fine. Write START to come back.' } } };
  const words = (sid: string): Promise<unknown[]> =>
    room.rows(`select c.channel, c.sender, c.source, c.wording, m.seq from consents c join messages m on m.id = c.message_id
      where m.conversation_sid = $1 order by c.channel`, [sid]);

  test('notes the customer\'s own words for each of their addresses, says one line, and the turn is over', async () => {
    const ada = await room.customer();
    await ada.writes('Hi', 'whatsapp');
    const seq = await ada.writes('I am done with you, forget that I exist');
    room.model.next(confirmed);
    await ada.turn(seq);
    expect(await ada.heard()).toEqual(['Fine. Write START to come back.']);
    const entry = { sender: '*', source: 'words', wording: 'I am done with you, forget that I exist', seq };
    expect(await words(ada.sid)).toEqual([{ channel: 'sms', ...entry }, { channel: 'whatsapp', ...entry }]);
    expect(await ada.turns()).toEqual([{ up_to_seq: seq, state: 'said', attempt: 1, error: null }]);
  });

  test('a second time it is noted and nothing is said', async () => {
    const ada = await room.customer();
    for (const body of ['I am done with you', 'I told you']) {
      room.model.next({ callTool: { name: 'withdraw_consent', arguments: { everywhere: false } } });
      await ada.turn(await ada.writes(body));
    }
    expect(await ada.heard()).toEqual([expect.stringMatching(/no more messages from us here.*START/)]);
    expect(await words(ada.sid)).toHaveLength(2);
  });

  test('what the customer writes meanwhile is read first, and a line that leads nowhere back is replaced', async () => {
    const ada = await room.customer();
    const seq = await ada.writes('I am done with you');
    room.model.next(async () => {
      await ada.writes('No wait, I meant the other clinic');
      return [{ callTool: { name: 'withdraw_consent', arguments: { everywhere: false } } }];
    });
    await ada.turn(seq);
    expect([await ada.heard(), await words(ada.sid)]).toEqual([[], []]);
    room.model.next({ callTool: { name: 'withdraw_consent', arguments: { everywhere: false, message: 'Bye.' } } });
    await ada.turn(seq + 1);
    expect(await ada.heard()).toEqual([expect.stringContaining('START')]);
  });
});

test('who names a time is called then, by the clock of the business; not at a time that is over, and not at a number that is only claimed', async () => {
  await room.services.tenancy.addSender(room.tenant.id, { channel: 'sms', address: '+15550000001', origin: 'api' });
  const ada = await room.customer();
  const asks = async (at: string): Promise<string> => {
    room.model.next({ callTool: { name: 'call_customer', arguments: { purpose: 'the bill', at } } });
    room.model.next({ afterTool: 'call_customer', say: 'All right.' });
    await ada.turn(await ada.writes(`Call me at ${at}`));
    return results().at(-1)!;
  };
  expect(await asks('2026-01-05T20:30')).toBe('They are called at Monday, 5 January 2026, 20:30 (Asia/Tokyo). Tell them so in one short sentence.');
  expect(await room.rows('select state, next_at, purpose, requested_by from outbound_calls where conversation_sid = $1', [ada.sid]))
    .toEqual([{ state: 'waiting', next_at: new Date('2026-01-05T11:30:00Z'), purpose: 'the bill', requested_by: 'assistant' }]);
  expect(await asks('2026-01-05T09:00')).toMatch(/^refused: That is no time/);
  const stranger = await room.customer();
  room.model.next({ callTool: { name: 'call_customer', arguments: { purpose: 'the bill' } } });
  room.model.next({ afterTool: 'call_customer', say: 'I cannot.' });
  await stranger.turn(await stranger.writes('Call me', 'chat'));
  expect(results().at(-1)).toMatch(/^refused: The customer has not shown who they are/);
});
