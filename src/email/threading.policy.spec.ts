import { createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Message } from '../conversations/conversations.types.js';
import { answeredBy, answersTooOften, baseSubject, bySubject, deliveryTagged, isReplySubject, messageIdOf, ofMessageId, oursAmong, reportedIn, tagOf } from './threading.policy.js';

const sign = (text: string): Buffer => createHmac('sha256', 'key').update(text).digest();
const MAILBOX = { id: '01991c2e-8f00-7c11-9a5e-2f4b6c8d0e1f', address: 'desk@clinic.test' };
const DELIVERY = '01991c2e-8f00-7c11-9a5e-aaaaaaaaaaaa';
const NOW = new Date('2026-01-05T09:00:00Z');

test.each([
  ['Re: Visit', 'Visit'], ['RE: re: Visit', 'Visit'], ['AW: Termin', 'Termin'], ['Re[2]: Visit', 'Visit'], ['Fwd: Re: Visit', 'Visit'], ['Réf: x', 'Réf: x'], ['RE：Visit', 'Visit'],
  ['Visit', 'Visit'], ['  Re :  My   visit ', 'My visit'], ['Regarding: x', 'Regarding: x'], ['Re:', ''],
])('%j is about %j', (subject, base) => {
  expect(baseSubject(subject)).toBe(base);
  expect(isReplySubject(subject)).toBe(baseSubject(subject) !== subject.trim());
});

test('every delivery has an address of its own for answers, and finds back', () => {
  fc.assert(fc.property(fc.uuid(), (id) => {
    const tag = tagOf(id, sign);
    expect(`desk+${tag}`.length).toBeLessThanOrEqual(64);
    expect(deliveryTagged(['other@x.test', `desk+${tag}@clinic.test`], MAILBOX.address, sign)).toBe(id);
  }));
});

test.each([
  ['another key', tagOf(DELIVERY, (text) => createHmac('sha256', 'other').update(text).digest()), 'desk', 'clinic.test'],
  ['a changed delivery', tagOf(DELIVERY, sign).replace('t_a', 't_b'), 'desk', 'clinic.test'], ['no mark', tagOf(DELIVERY, sign).slice(0, -13), 'desk', 'clinic.test'],
  ['another mailbox', tagOf(DELIVERY, sign), 'sales', 'clinic.test'], ['another domain', tagOf(DELIVERY, sign), 'desk', 'evil.test'],
])('a made-up address for answers (%s) leads nowhere', (_what, tag, local, domain) => {
  expect(deliveryTagged([`${local}+${tag}@${domain}`], MAILBOX.address, sign)).toBeNull();
});

test('a Message-ID of ours tells its delivery and its mailbox; others tell nothing', () => {
  const id = messageIdOf(DELIVERY, MAILBOX);
  expect(id).toBe('<01991c2e8f007c119a5eaaaaaaaaaaaa.01991c2e8f007c119a5e2f4b6c8d0e1f@clinic.test>');
  expect(ofMessageId(id)).toEqual({ deliveryId: DELIVERY, mailboxId: MAILBOX.id });
  expect(['<x@y>', `${id} `, id.toUpperCase()].map(ofMessageId)).toEqual([null, null, null]);
  expect(oursAmong(['<a@b>', id, '<c@d>', id.replace('aaaa.', 'bbbb.')])).toEqual([id.replace('aaaa.', 'bbbb.'), id]);
});

/** Message-IDs of so many mails of a mailbox. */
const idsOf = (count: number, mailbox = MAILBOX): string[] => Array.from({ length: count }, (_, n) => messageIdOf(`${DELIVERY.slice(0, 24)}${String(n).padStart(12, '0')}`, mailbox));

test('a report is about the mails of its mailbox that it names, each once', () => {
  const [first, second] = idsOf(2) as [string, string];
  const others = idsOf(3, { ...MAILBOX, id: '01991c2e-8f00-7c11-9a5e-bbbbbbbbbbbb' }).join('\n');
  const mail = { text: `${others}\nWhat you sent (Message-ID: ${first}) came back.\n${first}`, report: null, references: ['<x@y.test>', first, second] };
  expect(reportedIn(mail, MAILBOX.id).map(({ providerSid }) => providerSid)).toEqual([first, second]);
  expect(reportedIn({ ...mail, report: { status: '', returned: second } }, MAILBOX.id).map(({ providerSid }) => providerSid)).toEqual([second, first]);
  expect(reportedIn({ ...mail, references: [] }, MAILBOX.id)).toEqual([{ deliveryId: ofMessageId(first)!.deliveryId, providerSid: first }]);
});

test('a report that names thousands of mails is about a few of them, and one of a megabyte is read in its beginning', () => {
  expect(reportedIn({ text: idsOf(5_000).join('\n'), report: null, references: [] }, MAILBOX.id)).toHaveLength(20);
  expect(reportedIn({ text: `${'so it goes '.repeat(100_000)}${idsOf(1)[0]}`, report: null, references: [] }, MAILBOX.id)).toEqual([]);
});

const said = (direction: 'inbound' | 'outbound', minutesAgo: number, more: Partial<Message> & { subject?: string; automatic?: string } = {}): Message => ({
  id: `${direction} ${minutesAgo}`, tenantId: 't', conversationSid: 'CH', seq: 1, direction, authorKind: direction === 'inbound' ? 'contact' : 'assistant', author: 'a', channel: 'email',
  address: 'ada@x.test', sender: MAILBOX.address, body: 'x', media: [], status: 'sent', errorCode: null, providerSid: null, turnId: null, mirrorState: 'none', mirrorSid: null,
  createdAt: new Date(NOW.getTime() - minutesAgo * 60_000),
  details: direction === 'inbound' ? { words: [], email: { messageId: '<q@x>', references: [], subject: more.subject ?? 'Visit', fullText: null, automatic: more.automatic ?? null, proved: true } } : null,
  ...more,
});

const thread = [said('inbound', 300, { subject: 'Bill' }), said('outbound', 290), said('inbound', 60), said('outbound', 50), said('outbound', 40, { address: 'eve@x.test' }), said('inbound', 30, { automatic: 'auto-submitted' })];

test.each([
  ['Re: Visit', 'outbound 50'], ['AW: visit', 'outbound 50'], ['Re: Bill', 'outbound 290'], ['Visit', null], ['Re: Something else', null], ['Re:', null],
])('%j without references answers %s', (subject, id) => {
  expect(bySubject({ subject }, thread, 'ada@x.test', NOW)?.id ?? null).toBe(id);
});

test('the same subject after more than a month is another matter', () => {
  expect(bySubject({ subject: 'Re: Visit' }, thread, 'ada@x.test', new Date(NOW.getTime() + 31 * 86_400_000))).toBeNull();
});

test('what we answer is the last mail that a person wrote from there', () => {
  expect(answeredBy(thread, 'ada@x.test')?.id).toBe('inbound 60');
  expect(answeredBy(thread, 'eve@x.test')).toBeNull();
});

test('eight answers by nobody in an hour are too many; those of colleagues, to others and of before do not count', () => {
  const answers = Array.from({ length: 7 }, (_, n) => said('outbound', n));
  const others = [said('outbound', 1, { authorKind: 'staff' }), said('outbound', 1, { address: 'eve@x.test' }), said('outbound', 61), said('inbound', 1), said('outbound', 1, { channel: 'sms' })];
  expect(answersTooOften([...answers, ...others], 'ada@x.test', NOW)).toBe(false);
  expect(answersTooOften([...answers, said('outbound', 59)], 'ada@x.test', NOW)).toBe(true);
});
