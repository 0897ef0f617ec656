import { expect, test } from '@jest/globals';
import type { Message } from '../conversations/conversations.types.js';
import { draftOf, type Outbound } from './outbound.policy.js';

const answered = (references: string[], subject = 'Visit'): Message =>
  ({ details: { words: [], email: { messageId: '<q@x>', references, subject, fullText: null, automatic: null, proved: true } } }) as unknown as Message;

const outbound = (change: Partial<Outbound> = {}): Outbound => ({
  delivery: { id: '01991c2e-8f00-7c11-9a5e-aaaaaaaaaaaa', body: 'Hello', address: 'ada@x.test' }, message: { authorKind: 'assistant' },
  mailbox: { id: '01991c2e-8f00-7c11-9a5e-2f4b6c8d0e1f', address: 'desk@clinic.test', senderName: null, plusAddressing: true }, businessName: 'Riverside', answered: answered([]),
  tag: 't_abc', now: new Date(0), ...change,
});

test('an answer of the assistant is in its thread, and says that no person wrote it', () => {
  expect(draftOf(outbound({ answered: answered(['<a@x>', '<b@x>'], 'Re: AW: Visit') }))).toMatchObject({
    from: { name: 'Riverside', address: 'desk@clinic.test' }, replyTo: 'desk+t_abc@clinic.test', subject: 'Re: Visit', inReplyTo: '<q@x>', references: ['<a@x>', '<b@x>', '<q@x>'],
    headers: { 'X-Loop': 'desk@clinic.test', 'Auto-Submitted': 'auto-replied', 'X-Auto-Response-Suppress': 'OOF, AutoReply' },
  });
});

test("a colleague's words are a letter like any other", () => {
  expect(draftOf(outbound({ message: { authorKind: 'staff' } })).headers).toEqual({ 'X-Loop': 'desk@clinic.test' });
});

test('marketing says how to end it', () => {
  expect(draftOf(outbound({ message: { authorKind: 'system', purpose: 'marketing' } })).headers['List-Unsubscribe']).toBe('<mailto:desk@clinic.test?subject=unsubscribe>');
});

test('of a long thread the first and the nearest are named', () => {
  const ids = Array.from({ length: 40 }, (_, n) => `<${n}@x>`);
  const { references } = draftOf(outbound({ answered: answered(ids) }));
  expect(references).toHaveLength(20);
  expect([references[0], references[1], references.at(-1)]).toEqual(['<0@x>', '<22@x>', '<q@x>']);
});

test('who has never written gets a subject that says who we are', () => {
  expect(draftOf(outbound({ answered: null }))).toMatchObject({ subject: 'A message from Riverside', references: [] });
});

test.each([[{ plusAddressing: false }], [{ address: `${'a'.repeat(60)}@clinic.test` }]])('no address of its own for answers where that would not work: %j', (change) => {
  expect(draftOf(outbound({ mailbox: { ...outbound().mailbox, ...change } })).replyTo).toBeUndefined();
});
