import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { textOf } from '@throughline/scripted-model/prompt.js';
import { refOf } from '../../src/memory/memory.types.js';
import type { NewFact, RememberOutcome } from '../../src/memory/memory.types.js';
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

async function learns(customer: Customer, statement: string, rest: Partial<NewFact> = {}): Promise<RememberOutcome> {
  const { contactId } = await customer.conversation();
  const [newest] = (await customer.thread()).filter(({ direction }) => direction === 'inbound').slice(-1);
  return room.services.memory.remember(customer.tenant.id, {
    contactId, conversationSid: customer.sid, statement, sourceMessageId: newest?.id ?? null, channel: 'sms', ...rest,
  });
}
const facts = async (customer: Customer): ReturnType<Room['services']['memory']['factsOf']> =>
  room.services.memory.factsOf(customer.tenant.id, (await customer.conversation()).contactId);
const statements = async (customer: Customer): Promise<string[]> => (await facts(customer)).map(({ statement }) => statement);
const history = async (customer: Customer): ReturnType<Room['services']['forgetting']['list']> =>
  room.services.forgetting.list(customer.tenant.id, (await customer.conversation()).contactId, { history: true, after: null, limit: 100 });
const forget = async (customer: Customer, which: string[] | 'everything', turnId: string | null = null): Promise<number> =>
  room.services.memory.forget(customer.tenant.id, { contactId: (await customer.conversation()).contactId, facts: which, cause: 'asked', turnId });
const recall = async (customer: Customer): ReturnType<Room['services']['memory']['recall']> =>
  room.services.memory.recall(customer.tenant.id, await customer.conversation(), 3_000);

test('a fact that replaces another points at it, and the history stays', async () => {
  const ada = await room.customer();
  await ada.writes('I prefer mornings');
  await learns(ada, 'Prefers mornings', { confidence: 0.9, sensitivity: 'ordinary' });
  const [old] = await facts(ada);
  await ada.writes('Afternoons are better now');
  expect(await learns(ada, 'Prefers afternoons', { replaces: refOf(old!) })).toBe('remembered');
  expect(await statements(ada)).toEqual(['Prefers afternoons']);
  const [first, second] = (await history(ada)).toSorted((a, b) => b.statement.localeCompare(a.statement));
  expect(first).toMatchObject({ statement: 'Prefers mornings', supersededBy: second!.id, supersededAt: expect.any(Date), sensitivity: 'ordinary' });
  expect(first!.confidence).toBeCloseTo(0.9);
  expect(second).toMatchObject({ supersededBy: null, channel: 'sms', confidence: expect.closeTo(0.7), sensitivity: 'personal' });
  expect(await learns(ada, 'Prefers evenings', { replaces: refOf(old!) })).toBe('no_such_fact');
  expect(await statements(ada)).toEqual(['Prefers afternoons']);
});

test('of contacts that are one person all facts are known in the thread that goes on, can be replaced, and are forgotten in both', async () => {
  const [old, ada] = [await room.customer(), await room.customer()];
  await old.writes('I love my parrot');
  await learns(old, 'Has a parrot');
  room.clock.forward(1_000);
  await learns(old, 'Likes tea');
  await old.writes('Goodbye');
  await ada.writes('Hello, it is me again');
  const [absorbedId, survivingId] = [(await old.conversation()).contactId, (await ada.conversation()).contactId];
  await room.services.merging.merge(room.tenant.id, { absorbedId, survivingId, staff: 'Dana', reason: null });
  expect((await recall(ada)).facts.map(({ statement }) => statement)).toEqual(['Has a parrot', 'Likes tea']);
  const [parrot, tea] = await facts(ada);
  expect(await learns(ada, 'Likes coffee', { replaces: refOf(tea!) })).toBe('remembered');
  expect(await forget(ada, [parrot!.id])).toBe(1);
  expect([await statements(ada), await statements(old)]).toEqual([['Likes coffee'], []]);
  expect((await recall(old)).turns.map(({ body }) => body)).not.toContain('I love my parrot');
});

test("another person's fact can neither be replaced nor forgotten", async () => {
  const [ada, bob] = [await room.customer(), await room.customer()];
  await ada.writes('a');
  await bob.writes('b');
  await learns(bob, 'Likes tea');
  const [tea] = await facts(bob);
  expect(await learns(ada, 'Likes coffee', { replaces: refOf(tea!) })).toBe('no_such_fact');
  expect(await forget(ada, [tea!.id])).toBe(0);
  expect(await statements(bob)).toEqual(['Likes tea']);
});

test('what is special is recalled when the question is about it, and never where the address proves nothing', async () => {
  const ada = await room.customer();
  await ada.writes('hello');
  await learns(ada, 'Is diabetic and takes insulin', { sensitivity: 'special' });
  await learns(ada, 'Is called Ada');
  expect((await recall(ada)).facts.map(({ statement }) => statement)).toEqual(['Is called Ada']);
  await ada.writes('May I bring my insulin?');
  expect((await recall(ada)).facts).toHaveLength(2);
  await room.rows(`update conversations set reply_channel = 'chat' where conversation_sid = $1`, [ada.sid]);
  expect((await recall(ada)).facts).toEqual([]);
});

test('a forgotten fact is gone from rows, prompts and the next summary; other facts stay', async () => {
  const ada = await room.customer();
  await ada.writes('Please remember that I am allergic to walnuts');
  await learns(ada, 'Is allergic to walnuts', { sensitivity: 'special' });
  await learns(ada, 'Prefers mornings');
  for (let n = 0; n < 20; n++) await ada.writes(`message ${n} ${'word '.repeat(155)}`);
  await ada.writes('My walnut allergies are bad');
  room.model.next({ task: 'summarise', say: 'Has a walnut allergy.' });
  await room.services.summaries.summarise(room.tenant.id, ada.sid);
  expect((await recall(ada)).summary).toBe('Has a walnut allergy.');

  const walnuts = (await facts(ada)).find(({ statement }) => statement.includes('walnuts'))!;
  expect(await forget(ada, [walnuts.id])).toBe(1);
  expect(await statements(ada)).toEqual(['Prefers mornings']);
  expect((await history(ada)).find(({ id }) => id === walnuts.id)).toMatchObject({ statement: '', forgottenAt: expect.any(Date) });
  expect(await room.rows('select machine, cause from transitions where entity_id = $1', [walnuts.id])).toEqual([{ machine: 'fact', cause: 'asked' }]);
  await ada.writes('What is open?');
  const known = await recall(ada);
  expect(known.summary).toBeNull();
  expect(JSON.stringify(known)).not.toMatch(/walnut/);
  room.model.next({ task: 'summarise', say: 'Nothing much.' });
  await room.services.summaries.summarise(room.tenant.id, ada.sid);
  const shown = room.model.requests().at(-1)!.body.messages.map(textOf).join('\n');
  expect(shown).toContain('left out: the customer asked');
  expect(shown).not.toMatch(/walnut/);
  expect(await forget(ada, [walnuts.id])).toBe(0);
});

test('a summary that was being written from the old words is refused', async () => {
  const ada = await room.customer();
  await ada.writes('I own a parrot');
  await learns(ada, 'Owns a parrot');
  for (let n = 0; n < 20; n++) await ada.writes('word '.repeat(155));
  let answer!: () => void;
  const gate = new Promise<void>((resolve) => (answer = resolve));
  room.model.next({ task: 'summarise', steps: async () => (await gate, [{ say: 'Owns a parrot.' }]) });
  const slow = room.services.summaries.summarise(room.tenant.id, ada.sid);
  await room.model.received(1);
  await forget(ada, (await facts(ada)).map(({ id }) => id));
  answer();
  await slow;
  expect((await recall(ada)).summary).toBeNull();
});

test('what a fact replaced is forgotten with it', async () => {
  const ada = await room.customer();
  await ada.writes('a');
  await learns(ada, 'Lives in Elm Street');
  await learns(ada, 'Lives in Oak Street', { replaces: refOf((await facts(ada))[0]!) });
  expect(await forget(ada, [(await facts(ada))[0]!.id])).toBe(2);
  expect((await history(ada)).map(({ statement }) => statement)).toEqual(['', '']);
});

test('everything: facts, what was said before, and it is not learned again from there', async () => {
  const ada = await room.customer();
  await ada.writes('I own a parrot');
  await learns(ada, 'Owns a parrot');
  const [parrot] = await facts(ada);
  await ada.writes('Forget everything');
  expect(await forget(ada, 'everything')).toBe(1);
  expect((await recall(ada)).turns.map(({ body }) => body)).toEqual(['Forget everything']);
  expect(await learns(ada, 'Owns a parrot', { sourceMessageId: parrot!.sourceMessageId })).toBe('withheld');
  await ada.writes('Hello');
  expect(await recall(ada)).toMatchObject({ facts: [], summary: null, summaryDue: false, turns: [expect.objectContaining({ body: 'Hello' })] });
  expect(await learns(ada, 'Owns a cat')).toBe('remembered');
});

test('another tenant reads and forgets nothing', async () => {
  const ada = await room.customer();
  await ada.writes('a');
  await learns(ada, 'Likes tea');
  const { contactId } = await ada.conversation();
  const [tea] = await facts(ada);
  const stranger = await room.services.tenancy.addTenant('Another', {});
  const { forgetting } = room.services;
  await expect(forgetting.list(stranger.id, contactId, { history: true, after: null, limit: 10 })).rejects.toMatchObject({ code: 'not_found' });
  await expect(forgetting.forgetOne(stranger.id, contactId, tea!.id)).rejects.toMatchObject({ code: 'not_found' });
  await expect(forgetting.forgetEverything(stranger.id, contactId)).rejects.toMatchObject({ code: 'not_found' });
  expect(await statements(ada)).toEqual(['Likes tea']);
});

test('the assistant lists what the rows say, forgets on request, and the audit keeps no words of it', async () => {
  const ada = await room.customer();
  await ada.writes('I own a parrot');
  await learns(ada, 'Owns a parrot');
  const [parrot] = await facts(ada);
  room.model.next({ callTool: { name: 'known_facts' } });
  room.model.next({ afterTool: 'known_facts', callTool: { name: 'forget', arguments: { facts: [refOf(parrot!)] } } });
  room.model.next({ afterTool: 'forget', say: 'Your parrot is forgotten.' });
  await ada.turn(await ada.writes('Forget the parrot'));
  const reports = room.model.turns().at(-1)!.body.messages.filter(({ role }) => role === 'tool').map(textOf);
  expect(reports).toEqual([`Known facts:\n- Owns a parrot [${refOf(parrot!)}; 5 January 2026, SMS]`, expect.stringMatching(/^Forgotten: 1\./)]);
  expect(await statements(ada)).toEqual([]);
  await room.services.tools.forgetMemories(room.tenant.id, ada.sid);
  expect(await room.rows('select tool, outcome, arguments, result from tool_calls where conversation_sid = $1 order by tool', [ada.sid])).toEqual(
    ['forget', 'known_facts'].map((tool) => ({ tool, outcome: 'done', arguments: {}, result: null })),
  );
  await ada.writes('And now?');
  expect(JSON.stringify(await recall(ada))).not.toMatch(/parrot/);
});

test("a tool forgets nobody else's facts, whatever it is given", async () => {
  const [ada, bob] = [await room.customer(), await room.customer()];
  await bob.writes('b');
  await learns(bob, 'Likes tea');
  const [tea] = await facts(bob);
  room.model.next({ callTool: { name: 'forget', arguments: { facts: [refOf(tea!)], contactId: (await bob.conversation()).contactId } } });
  room.model.next({ afterTool: 'forget', say: 'Nothing was known.' });
  await ada.turn(await ada.writes('Forget what Bob likes'));
  expect(await statements(bob)).toEqual(['Likes tea']);
});

test('where the address proves nothing, nobody is told what is personal, nor has it forgotten', async () => {
  const ada = await room.customer();
  await ada.writes('I prefer mornings');
  await learns(ada, 'Prefers mornings', { sensitivity: 'ordinary' });
  await learns(ada, 'Lives in Elm Street');
  const refs = (await facts(ada)).map(refOf);
  const seq = await ada.writes('Forget everything about me');
  // She has shown who she is; the chat itself shows it to nobody.
  await room.rows(
    `insert into addresses (id, tenant_id, contact_id, channel, address, trust, created_at)
     select gen_random_uuid(), a.tenant_id, contact_id, 'chat', address, 'verified', a.created_at from addresses a join conversations using (contact_id)
     where conversation_sid = $1`, [ada.sid],
  );
  await room.rows(`update conversations set reply_channel = 'chat' where conversation_sid = $1`, [ada.sid]);
  room.model.next({ callTool: [{ name: 'known_facts' }, { name: 'forget', arguments: { everything: true } }, { name: 'forget', arguments: { facts: refs } }] });
  room.model.next({ afterTool: 'forget', say: 'A colleague has to do that.' });
  await ada.turn(seq);
  const reports = room.model.turns().at(-1)!.body.messages.filter(({ role }) => role === 'tool').map(textOf);
  expect(reports[0]).toMatch(/^Known facts:\n- Prefers mornings .*\n1 more, not told here/);
  expect(reports.slice(1)).toEqual([expect.stringMatching(/^refused: This channel does not prove/), expect.stringMatching(/^Forgotten: 1\./)]);
  expect(await statements(ada)).toEqual(['Lives in Elm Street']);
});
