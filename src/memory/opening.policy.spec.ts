import { expect, test } from '@jest/globals';
import type { Message } from '../conversations/conversations.types.js';
import { saidAt, trustOfQuestion, vouchedFor } from './opening.policy.js';

const said = (body: string, channel: Message['channel'], address: string | null, direction: Message['direction'] = 'inbound'): Message => ({
  id: body, tenantId: 't', conversationSid: 'CH1', seq: 1, direction, authorKind: direction === 'inbound' ? 'contact' : 'assistant', author: 'a', channel, address,
  sender: null, body, media: [], status: 'received', errorCode: null, providerSid: null, turnId: null, mirrorState: 'none', mirrorSid: null, createdAt: new Date(0),
});

const thread = [
  said('by text', 'sms', '+15551230001'), said('answered by text', 'sms', '+15551230001', 'outbound'), said('a note', 'internal', null, 'internal'),
  said('in the chat', 'chat', 'visitor-1'), said('answered there', 'chat', 'visitor-1', 'outbound'), said('another visitor', 'chat', 'visitor-2'), said('like the chat', 'email', 'visitor-1'),
];

test('only what was said at this address, to and fro', () => {
  expect(saidAt(thread, { channel: 'chat', address: 'visitor-1' }).map(({ body }) => body)).toEqual(['in the chat', 'answered there']);
});

test('without an address nothing, least of all what has none either', () => {
  expect(saidAt(thread, { channel: 'internal', address: null })).toEqual([]);
  expect(saidAt([said('x', 'chat', null)], { channel: 'chat', address: null })).toEqual([]);
});

const mail = (proved: boolean, automatic: string | null = null): Message => ({
  ...said('a mail', 'email', 'ada@x.test'), details: { words: [], email: { messageId: null, references: [], subject: '', fullText: null, automatic, proved } },
});
const answer = said('an answer', 'email', 'ada@x.test', 'outbound');

test.each([
  ['proved', [mail(true)], 'verified'], ['not proved', [mail(false)], 'claimed'], ['one of two not proved', [mail(false), mail(true)], 'claimed'],
  ['not proved, and answered since', [mail(false), answer, mail(true)], 'verified'], ['not proved, and of a program', [mail(false, 'auto-submitted'), mail(true)], 'verified'], ['no mail', [answer], 'verified'],
])('a question by mails that are %s', (_what, messages, trust) => {
  expect(trustOfQuestion('verified', true, messages)).toBe(trust);
});

test('an address that is not known is not known any better by a mail', () => {
  expect(trustOfQuestion('anonymous', false, [mail(false)])).toBe('anonymous');
});

test('beside a question of somebody known stands nothing that only says it is a program; what is proved, or of a person, does', () => {
  const thread = [said('by text', 'sms', '+15551230001'), mail(true), mail(false), mail(true, 'auto-submitted'), answer];
  expect(vouchedFor(thread.toSpliced(2, 0, mail(false, 'list-id')))).toEqual(thread);
});
