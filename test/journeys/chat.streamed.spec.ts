import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../harness/eventually.js';
import { type House, openHouse } from '../harness/house.js';
import type { Visitor } from '../harness/visitor.js';

let house: House;
beforeAll(async () => {
  house = await openHouse({ split: true });
});
afterAll(() => house.close());

const WORDS = 'One two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen';

interface Draft { turnId: string; index: number; text: string }

const until = (what: string, visitor: Visitor, event: string, matches: (what: Record<string, unknown>) => boolean): Promise<Record<string, unknown>> =>
  eventually(() => `${what}; heard ${JSON.stringify(visitor.heard)}`, () => visitor.told<Record<string, unknown>>(event).find(matches));

test("the assistant's words are seen as they come, from another process, and end in the message", async () => {
  const visitor = await (await house.visitor()).connects();
  house.model.next({ say: WORDS, betweenMs: 25 });
  await visitor.says('Count, please');
  const answer = await visitor.expects(/sixteen/);
  const drafts = visitor.told<Draft>('draft');
  expect(drafts.length).toBeGreaterThan(1);
  expect(drafts.length).toBeLessThan(10);
  expect(drafts.map(({ index }) => index)).toEqual(drafts.map((_, index) => index));
  expect(drafts.every(({ text, turnId }) => WORDS.startsWith(text) && turnId === answer.turnId)).toBe(true);
  await until('the draft to end', visitor, 'draft_end', ({ said }) => said === true);
  expect(visitor.told('typing')).toEqual([{ author: 'assistant', name: 'Assistant', on: true }, { author: 'assistant', name: 'Assistant', on: false }]);
  await house.expectQuiet();
});

test('a draft ends when staff takes over, the visitor is told who answers, and reads the colleague alone', async () => {
  const visitor = await (await house.visitor()).connects();
  house.model.next({ say: 'Hello.' });
  await visitor.says('Hello');
  await visitor.expects(/^Hello/);
  house.model.next({ say: WORDS, betweenMs: 300 });
  await visitor.says('Count again, please');
  await until('a draft', visitor, 'draft', ({ text }) => String(text).startsWith('One'));
  const { conversationSid } = await house.thread.conversation(visitor);
  await house.api(`/conversations/${conversationSid}/typing`, { method: 'POST', body: { staff: 'Dana', on: true } });
  await until('to see Dana type', visitor, 'typing', ({ author, name, on }) => author === 'staff' && name === 'Dana' && on === true);
  await house.api(`/conversations/${conversationSid}/messages`, { method: 'POST', body: { body: 'Dana here.', staff: 'Dana' } });
  expect(await visitor.expects(/Dana here/)).toMatchObject({ author: { kind: 'staff', name: 'Dana' }, turnId: null });
  await until('the draft to end', visitor, 'draft_end', ({ said }) => said === false);
  await until('to hear of the owner', visitor, 'owner', ({ owner }) => owner === 'staff');
  expect((await visitor.reads()).owner).toBe('staff');
  await visitor.emits('typing', { on: true });
  expect(await house.api(`/conversations/${conversationSid}/visitors`)).toMatchObject([{ visitorId: visitor.address, isTyping: true, lead: { phone: null } }]);
  expect(visitor.told('message').some(({ body }) => body.startsWith('One'))).toBe(false);
  await house.expectQuiet();
});

test('who wants no messages is shown no words that are not said', async () => {
  const visitor = await (await house.visitor()).connects();
  house.model.next({ say: 'Hello.' });
  await visitor.says('Hello');
  await visitor.expects(/^Hello/);
  const { contactId } = await house.api<{ contactId: string }>(`/conversations/${(await house.thread.conversation(visitor)).conversationSid}`);
  const { addresses: [address] } = await house.api<{ addresses: { id: string }[] }>(`/contacts/${contactId}`);
  await house.api(`/contacts/${contactId}/consents`, {
    method: 'POST', body: { addressId: address!.id, purpose: 'everything', state: 'opted_out', wording: 'Please leave me alone.', staff: 'Dana' },
  });
  house.model.next({ say: WORDS, betweenMs: 20 });
  await visitor.says('And what about Tuesday?');
  await house.thread.stands(visitor, 'suppressed');
  expect(visitor.told<Draft>('draft').filter(({ text }) => text.startsWith('One'))).toEqual([]);
  expect((await visitor.reads()).messages.some(({ body }) => body.startsWith('One'))).toBe(false);
  await house.expectQuiet();
});
