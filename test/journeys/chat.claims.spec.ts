import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../harness/eventually.js';
import { type House, openHouse } from '../harness/house.js';
import type { Visitor } from '../harness/visitor.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const shown = (): string => JSON.stringify(house.model.turns().at(-1)!.body.messages);

async function asks(visitor: Visitor, question: string, answer: string): Promise<void> {
  house.model.next({ say: answer });
  await visitor.says(question);
  await visitor.expects(new RegExp(answer));
}

const claims = async (visitor: Visitor, lead: object): Promise<unknown> => (await visitor.post('/lead', lead)).json();

test("a number that is claimed in a chat opens no memory until its code is read; then it is one person, in the number's thread", async () => {
  const maya = house.customer();
  house.model.next({ callTool: { name: 'remember', arguments: { fact: 'Prefers mornings', sensitivity: 'ordinary' } } });
  house.model.next({ afterTool: 'remember', say: 'Noted.' });
  maya.texts('I prefer mornings');
  await maya.expectsSms(/Noted/);

  const visitor = await (await house.visitor()).connects();
  await asks(visitor, 'What do you know of me?', 'Who are you?');
  expect(await claims(visitor, { name: 'Maya', phone: maya.address.replace('+1', '+1 ') })).toEqual({ name: 'Maya', email: null, phone: maya.address, verified: [] });
  await asks(visitor, 'I am Maya, I prefer what?', 'Show me who you are.');
  expect(shown()).toContain('not opened: they have not shown who they are');
  expect(shown()).not.toContain('- Prefers mornings');
  expect((await house.thread.conversation(visitor)).conversationSid).not.toBe((await house.thread.conversation(maya)).conversationSid);

  expect((await visitor.post('/lead/code', { address: 'phone' })).status).toBe(204);
  const code = /is: (\d{6})$/.exec(await maya.expectsSms(/verification code/))![1]!;
  const soon = await visitor.post('/lead/code', { address: 'phone' });
  expect([soon.status, Number(soon.headers.get('retry-after')) > 0]).toEqual([429, true]);
  const guess = code === '000000' ? '111111' : '000000';
  expect(await (await visitor.post('/lead/check', { address: 'phone', code: guess })).json()).toMatchObject({ outcome: 'wrong', lead: { verified: [] } });
  expect(await (await visitor.post('/lead/check', { address: 'phone', code })).json()).toMatchObject({ outcome: 'verified', lead: { verified: ['phone'] } });
  await house.settle();

  await asks(visitor, 'And now, what do I prefer?', 'You prefer mornings.');
  expect(shown()).toContain('- Prefers mornings');
  const { conversationSid } = await house.thread.conversation(maya);
  expect((await house.thread.conversation(visitor)).conversationSid).toBe(conversationSid);
  // Of the person's other channels the page shows nothing, and of the visitor's own words nothing is lost.
  expect(await visitor.lines()).toEqual([
    'in: What do you know of me?', 'out: Who are you?', 'in: I am Maya, I prefer what?', 'out: Show me who you are.', 'in: And now, what do I prefer?', 'out: You prefer mornings.',
  ]);
  expect((await visitor.post('/lead', { phone: '+15550009999' })).status).toBe(409);
  expect(house.log).not.toContain(code);
  await house.expectQuiet();
});

test('a number that nobody has is the first of its owner: a text from it goes on in the thread of the chat', async () => {
  const sam = house.customer();
  const visitor = await (await house.visitor()).connects();
  await asks(visitor, 'Hello', 'Good morning, stranger.');
  await claims(visitor, { phone: sam.address });
  await visitor.post('/lead/code', { address: 'phone' });
  const code = /is: (\d{6})$/.exec(await sam.expectsSms(/verification code/))![1]!;
  expect(await (await visitor.post('/lead/check', { address: 'phone', code })).json()).toMatchObject({ outcome: 'verified' });
  await house.settle();
  house.model.next({ say: 'Still me.' });
  sam.texts('It is me, by text');
  await sam.expectsSms(/Still me/);
  expect((await house.thread.conversation(sam)).conversationSid).toBe((await house.thread.conversation(visitor)).conversationSid);
  expect(await visitor.lines()).toEqual(['in: Hello', 'out: Good morning, stranger.']);
  await house.expectQuiet();
});

test('what is claimed is shown to staff, an erased visitor is gone with it, and their token opens nothing', async () => {
  const visitor = await (await house.visitor()).connects();
  await asks(visitor, 'Please remember me as Quentin', 'Gladly.');
  await claims(visitor, { name: 'Quentin Oddname', email: 'quentin@oddname.example' });
  await eventually('the page to hear of it', () => visitor.told<{ email: string }>('lead').some(({ email }) => email === 'quentin@oddname.example'));
  const { conversationSid } = await house.thread.conversation(visitor);
  const { contactId, contactName } = await house.api<{ contactId: string; contactName: string }>(`/conversations/${conversationSid}`);
  expect(contactName).toBe('Quentin Oddname');
  await house.api(`/contacts/${contactId}/erasure`, { method: 'POST', body: { staff: 'Dana' } });
  await eventually('the visitor to be gone', async () => (await visitor.get('/messages')).status === 401);
  await house.settle();
  expect(await house.database.query("select 1 from visitors where lead_email is not null and lead_name = 'Quentin Oddname'")).toEqual([]);
  expect(await visitor.emits('send', { clientId: '01991c2e-8f00-4c11-9a5e-2f4b6c8d0e1f', body: 'Still there?' })).toMatchObject({ ok: false, problem: { code: 'session_ended' } });
});
