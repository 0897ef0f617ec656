import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { textOf } from '@throughline/scripted-model/prompt.js';
import { type Customer, Room } from './assistant.room.js';

let room: Room;
beforeAll(async () => {
  room = await Room.open();
});
afterEach(() => {
  expect(room.model.waiting()).toBe(0);
  room.model.reset();
});
afterAll(() => room.close());

const summaries = (sid: string): Promise<unknown[]> => room.rows('select up_to_seq, summary from summaries where conversation_sid = $1', [sid]);
const summarise = (customer: Customer): Promise<unknown> => room.services.summaries.summarise(customer.tenant.id, customer.sid);
const recall = async (customer: Customer, budget: number): ReturnType<Room['services']['memory']['recall']> =>
  room.services.memory.recall(customer.tenant.id, await customer.conversation(), budget);

/** About 200 tokens each: 15 of them fill the budget of a prompt. */
async function longPast(messages: number): Promise<Customer> {
  const customer = await room.customer();
  for (let n = 1; n <= messages; n++) await customer.writes(`message ${n} ${'word '.repeat(155)}`);
  return customer;
}

test('a person is recalled over all channels, in order, with nothing of anybody else', async () => {
  const [ada, bob] = [await room.customer(), await room.customer()];
  await ada.writes('by text');
  await bob.writes('of Bob');
  await ada.writes('by WhatsApp', 'whatsapp');
  const { contactId } = await ada.conversation();
  await room.services.memory.remember(room.tenant.id, { contactId, conversationSid: ada.sid, statement: 'Is  called\nAda ', sourceMessageId: null });
  const known = await recall(ada, 1_000);
  expect(known.turns.map(({ body, channel }) => [body, channel])).toEqual([['by text', 'sms'], ['by WhatsApp', 'whatsapp']]);
  expect(known.facts.map(({ statement }) => statement)).toEqual(['Is called Ada']);
  expect(known).toMatchObject({ summary: null, omittedBefore: null, summaryDue: false });
  expect((await recall(bob, 1_000)).facts).toEqual([]);
});

test('another tenant recalls nothing of it', async () => {
  const ada = await room.customer();
  await ada.writes('mine');
  const conversation = await ada.conversation();
  await room.services.memory.remember(room.tenant.id, { contactId: conversation.contactId, conversationSid: ada.sid, statement: 'Has a secret', sourceMessageId: null });
  const stranger = await room.services.tenancy.addTenant('Another', {});
  expect(await room.services.memory.recall(stranger.id, conversation, 1_000))
    .toEqual({ trust: 'anonymous', isKnown: false, summary: null, facts: [], turns: [], omittedBefore: null, summaryDue: false });
});

test.each(['claimed', 'anonymous'])('to somebody who is only %s no memory is opened: what was said at this address, and nothing else', async (trust) => {
  const ada = await room.customer();
  await ada.writes('my secret, by text');
  await ada.writes('from the forged one', 'whatsapp');
  const { contactId } = await ada.conversation();
  await room.services.memory.remember(room.tenant.id, { contactId, conversationSid: ada.sid, statement: 'Is called Ada', sourceMessageId: null });
  await room.rows(`insert into summaries (tenant_id, conversation_sid, up_to_seq, summary, updated_at) values ($1, $2, 1, 'A long story.', now())`, [room.tenant.id, ada.sid]);
  await room.rows(`update addresses set trust = $2 where contact_id = $1 and channel = 'whatsapp'`, [contactId, trust]);
  expect(await recall(ada, 1_000)).toMatchObject({ trust, isKnown: false, summary: null, facts: [], turns: [{ body: 'from the forged one' }], omittedBefore: null });
  await ada.writes('by text again');
  expect(await recall(ada, 1_000)).toMatchObject({ trust: 'carrier_verified', isKnown: true, summary: 'A long story.', facts: [{ statement: 'Is called Ada' }], turns: [{}, {}, {}] });
});

test('the same thing is remembered once, of each person', async () => {
  const { memory } = room.services;
  const [ada, bob] = [await room.customer(), await room.customer()];
  await ada.writes('a');
  await bob.writes('b');
  const fact = { contactId: (await ada.conversation()).contactId, conversationSid: ada.sid, statement: 'Likes tea', sourceMessageId: null };
  const told = await Promise.all(Array.from({ length: 5 }, () => memory.remember(room.tenant.id, fact)));
  expect(told.toSorted()).toEqual(['known', 'known', 'known', 'known', 'remembered']);
  expect(await memory.remember(room.tenant.id, { ...fact, statement: 'LIKES tea' })).toBe('known');
  expect(await memory.remember(room.tenant.id, { ...fact, contactId: (await bob.conversation()).contactId })).toBe('remembered');
  expect(await memory.factsOf(room.tenant.id, fact.contactId)).toHaveLength(1);
});

test('what exceeds the budget is left out from the oldest on, and asked to be summarised after the turn', async () => {
  const ada = await longPast(20);
  const known = await recall(ada, 3_000);
  expect(known.turns.at(-1)!.seq).toBe(20);
  expect(known.omittedBefore).toBe(known.turns[0]!.seq);
  expect(known.summaryDue).toBe(true);
  room.model.next({ say: 'Hi.' });
  await ada.turn(20);
  expect(await room.rows(`select name from outbox where name = 'memory.summarise' and payload->>'conversationSid' = $1`, [ada.sid])).toHaveLength(1);
});

test('the past is folded into a summary, which the next reply is shown in its place', async () => {
  const ada = await longPast(20);
  room.model.next({ task: 'summarise', say: 'Ada wrote a lot.' });
  await summarise(ada);
  const [request] = room.model.requests();
  expect(textOf(request!.body.messages[0]!)).toMatch(/^TASK: summarise$/m);
  expect(textOf(request!.body.messages[1]!)).toMatch(/Customer \(sms\): "message 1 word/);
  const known = await recall(ada, 3_000);
  expect(known).toMatchObject({ summary: 'Ada wrote a lot.', summaryDue: false });
  expect(known.omittedBefore).not.toBeNull();
  room.model.next({ say: 'Hi.' });
  await ada.turn(20);
  expect(textOf(room.model.requests().at(-1)!.body.messages[0]!)).toContain('Ada wrote a lot.');
});

test('folding again takes the old summary along and only what came after it', async () => {
  const ada = await longPast(20);
  room.model.next({ task: 'summarise', say: 'The first part.' });
  await summarise(ada);
  const [{ up_to_seq: covered }] = (await summaries(ada.sid)) as [{ up_to_seq: number }];
  for (let n = 21; n <= 32; n++) await ada.writes(`message ${n} ${'word '.repeat(155)}`);
  room.model.next({ task: 'summarise', say: 'Both parts.' });
  await summarise(ada);
  const [system, record] = room.model.requests().at(-1)!.body.messages.map(textOf);
  expect(system).toContain('Summary so far:\nThe first part.');
  expect(record).toContain(`message ${covered + 1} `);
  expect(record).not.toContain(`message ${covered} `);
  expect(await summaries(ada.sid)).toEqual([{ up_to_seq: expect.any(Number), summary: 'Both parts.' }]);
});

test('run twice, it asks the model once; run at once, the first one moves the summary on and the other does nothing', async () => {
  const ada = await longPast(20);
  let answer!: () => void;
  const gate = new Promise<void>((resolve) => (answer = resolve));
  room.model.next({ task: 'summarise', steps: async () => (await gate, [{ say: 'The slow one.' }]) });
  const slow = summarise(ada);
  await room.model.received(1);
  room.model.next({ task: 'summarise', say: 'The quick one.' });
  await summarise(ada);
  answer();
  await slow;
  await summarise(ada);
  expect(room.model.requests()).toHaveLength(2);
  expect(await summaries(ada.sid)).toEqual([{ up_to_seq: expect.any(Number), summary: 'The quick one.' }]);
});

test('a short past needs no summary', async () => {
  const ada = await longPast(3);
  await summarise(ada);
  expect(room.model.requests()).toHaveLength(0);
});

test('a past too long for one question is folded in several', async () => {
  const ada = await longPast(60);
  room.model.use([{ task: 'summarise', say: 'So far.' }]);
  const rounds: unknown[] = [];
  do rounds.push(await summarise(ada));
  while (rounds.at(-1));
  expect(rounds.slice(0, -1)).toEqual(rounds.slice(0, -1).map(() => ({ again: room.clock.now() })));
  expect(rounds).toHaveLength(2);
  expect((await recall(ada, 3_000)).summaryDue).toBe(false);
});

test("the tenant's own words for the task replace the file", async () => {
  const tenant = await room.services.tenancy.addTenant('Salon', { assistant: { prompts: { summarise: 'TASK: summarise\nIn rhymes.' } } });
  const ada = await room.customer(tenant);
  for (let n = 1; n <= 20; n++) await ada.writes('word '.repeat(160));
  room.model.next({ task: 'summarise', say: 'A rhyme.' });
  await summarise(ada);
  expect(textOf(room.model.requests()[0]!.body.messages[0]!)).toBe('TASK: summarise\nIn rhymes.');
});

test.each([
  ['fails', { task: 'summarise', fail: 500 }, 'model_unavailable'],
  ['says nothing', { task: 'summarise', say: ' ' }, 'summary_empty'],
])('a model that %s leaves the summary as it was, and the job to be tried again', async (_, directive, code) => {
  const ada = await longPast(20);
  room.model.next(directive);
  await expect(summarise(ada)).rejects.toMatchObject({ code, retryable: true });
  expect(await summaries(ada.sid)).toEqual([]);
});

test('after a merge what was said in the absorbed thread is remembered in the other one, until the merge is undone', async () => {
  const [ada, bob] = [await room.customer(), await room.customer()];
  await ada.writes('My dog is called Rex.');
  await bob.writes('Hello');
  const [absorbedId, survivingId] = await Promise.all([ada, bob].map(async (one) => (await one.conversation()).contactId)) as [string, string];
  await room.services.merging.merge(room.tenant.id, { absorbedId, survivingId, staff: 'dana', reason: null });
  expect(await room.rows(`select 1 from outbox where name = 'memory.summarise' and payload ->> 'conversationSid' = $1`, [ada.sid])).toHaveLength(1);
  await summarise(ada);
  await summarise(ada);
  const remembered = expect.stringMatching(/^In another thread of theirs: .*My dog is called Rex/);
  expect((await recall(bob, 1_000)).summary).toEqual(remembered);
  expect(await room.services.memory.known(room.tenant.id, await bob.conversation())).toMatchObject({ summary: remembered });
  await room.rows(`update addresses set trust = 'claimed' where contact_id = $1`, [survivingId]);
  expect((await recall(bob, 1_000)).summary).toBeNull();
  await room.rows(`update addresses set trust = 'carrier_verified' where contact_id = $1`, [survivingId]);
  const [{ id }] = (await room.rows<{ id: string }>('select id from merges where absorbed_id = $1', [absorbedId])) as [{ id: string }];
  await room.services.merging.undo(room.tenant.id, id, 'dana');
  expect((await recall(bob, 1_000)).summary).toBeNull();
});
