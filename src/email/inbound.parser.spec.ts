import { expect, test } from '@jest/globals';
import { parseMail } from '@throughline/mail/parse.js';
import type { InboundMessage } from '../conversations/conversations.types.js';
import { inboundOf, placeOfMedia, sidOf } from './inbound.parser.js';

const MAILBOX = { id: '01991c2e-8f00-7c11-9a5e-2f4b6c8d0e1f', address: 'desk@clinic.test' };
const place = { uidValidity: '7', uid: 12, size: 500, receivedAt: new Date(0) };

async function taken(headers: string[], body: string, more: { cutOff?: boolean; automatic?: string } = {}): Promise<InboundMessage> {
  const mail = await parseMail(Buffer.from(['From: Ada <Ada@x.test>', ...headers, '', body].join('\r\n')));
  return inboundOf('t', { mail: { ...mail, from: mail.from! }, mailbox: MAILBOX, place, cutOff: false, proved: false, automatic: null, ...more });
}

test('the new words are the body, all of them are kept beside it, and a new subject is told', async () => {
  expect(await taken(['Subject: Visit [urgent]', 'Message-ID: <1@x>'], 'Tuesday?\r\n\r\n-- \r\nAda')).toMatchObject({
    channel: 'email', address: 'ada@x.test', sender: MAILBOX.address, displayName: 'Ada', trust: 'claimed', body: 'Tuesday?', media: [],
    details: { words: ['subject: Visit (urgent)'], email: { messageId: '<1@x>', subject: 'Visit [urgent]', fullText: 'Tuesday?\n\n-- \nAda', automatic: null, proved: false } },
  });
});

test.each([
  ['an answer does not repeat its subject', ['Subject: Re: Visit'], 'Yes', {}, { body: 'Yes', words: [] }],
  ['a mail of a subject alone says that', ['Subject: STOP'], '', {}, { body: 'STOP', words: [] }],
  ['a mail that is cut off says so', ['Subject: Re: x'], 'Yes', { cutOff: true }, { body: 'Yes', words: ['a mail of 0 MB, too large to be taken in whole; what is attached is in the mailbox only'] }],
  ['a mail that nobody wrote says so', ['Subject: Re: x'], 'Away', { automatic: 'auto-submitted' }, { body: 'Away', words: ['sent by a program, not answered'] }],
])('%s', async (_what, headers, body, more, expected) => {
  const message = await taken(headers, body, more);
  expect({ body: message.body, words: message.details!.words }).toEqual(expected);
});

test('an endless mail is cut', async () => {
  const message = await taken([], 'word '.repeat(100_000));
  expect(message.body.length).toBeLessThanOrEqual(10_000);
  expect(message.details!.email!.fullText!.length).toBeLessThanOrEqual(20_000);
});

const sid = async (...lines: string[]): Promise<string> => sidOf('t', await parseMail(Buffer.from(lines.join('\r\n'))));

test('a mail is the same by another way, and another one under the same id is not', async () => {
  const mail = ['From: a@x.test', 'Date: Mon, 05 Jan 2026 09:00:00 +0000', 'Message-ID: <1@x>', 'Subject: Hi', '', 'Hello'];
  const known = await sid(...mail);
  expect(await sid('Received: by mx2.test', ...mail)).toBe(known);
  expect(await sid(...mail.with(1, 'Date: Mon, 05 Jan 2026 09:00:01 +0000'))).not.toBe(known);
  expect(await sid(...mail.with(0, 'From: b@x.test'))).not.toBe(known);
  const [plain, other] = [mail.toSpliced(2, 1), mail.toSpliced(2, 1).with(4, 'Hello you')];
  expect(await sid(...plain)).toBe(await sid('Received: by mx2.test', ...plain));
  expect(await sid(...plain)).not.toBe(await sid(...other));
});

test('an attachment is found by its address, and by no other', () => {
  expect(placeOfMedia(`mail://${MAILBOX.id}/7/12/0`)).toEqual({ mailboxId: MAILBOX.id, uidValidity: '7', uid: 12, position: 0 });
  expect([`mail://${MAILBOX.id}/7/12`, `mail://x/7/12/0`, 'https://x.test/1'].map(placeOfMedia)).toEqual([null, null, null]);
});
