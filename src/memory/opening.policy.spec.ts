import { expect, test } from '@jest/globals';
import type { Message } from '../conversations/conversations.types.js';
import { saidAt, trustOfQuestion, vouchedFor, withoutAnybodys } from './opening.policy.js';

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

const aloud = (proved: boolean, direction: Message['direction']): Message => ({ ...said('a call', 'voice', '+15551230001', direction), details: { words: [], call: { sid: 'CA1', proved } } });

const note = (hearsay: boolean): Message => ({ ...said('a note', 'internal', null, 'internal'), details: hearsay ? { words: [], hearsay } : null });

test('beside a question of somebody known stands what is proved, and what we answered by mail; nothing that anybody may have sent or said', () => {
  const thread = [said('by text', 'sms', '+15551230001'), mail(true), mail(true, 'auto-submitted'), answer, aloud(true, 'inbound'), aloud(true, 'outbound'), note(false)];
  expect(vouchedFor([mail(false), mail(false, 'list-id'), ...thread, aloud(false, 'inbound'), aloud(false, 'outbound'), note(true)])).toEqual(thread);
});

test('of what anybody may have sent a summary is told that it was there, and not a word: no subject, no file', () => {
  const forged = { ...mail(false), media: [{ url: 'mail://x', contentType: 'image/png' }] };
  const told = withoutAnybodys({ ...forged, details: { ...forged.details!, words: ['subject: quokka'] } });
  expect(told).toMatchObject({ seq: 1, direction: 'inbound', media: [], details: null });
  expect(told.body).toContain('left out');
  expect(withoutAnybodys(mail(true))).toEqual(mail(true));
});
