import { expect, test } from '@jest/globals';
import type { Mail } from '@throughline/mail/mail.js';
import { parseMail } from '@throughline/mail/parse.js';
import { automaticKind, automaticSign, isReport, reportedStatus, unansweredFor } from './automatic.policy.js';

const mail = (...headers: string[]): Promise<Mail> => parseMail(Buffer.from([...(headers.some((line) => line.startsWith('From:')) ? [] : ['From: ada@example.test']), ...headers, '', 'Hello'].join('\r\n')));
const OURS = { address: 'desk@clinic.test' };

test.each([
  ['an automatic reply', 'Auto-Submitted: auto-replied', 'auto-submitted'], ['a generated mail', 'Auto-Submitted: auto-generated; type=x', 'auto-submitted'],
  ['a bulk mail', 'Precedence: bulk', 'precedence'], ['a list', 'Precedence: list', 'precedence'], ['an old autoresponder', 'X-Autoreply: yes', 'x-autoreply'],
  ['another one', 'X-Autorespond: x', 'x-autorespond'], ['Exchange', 'X-Auto-Response-Suppress: All', 'x-auto-response-suppress'], ['a mailing list', 'List-Id: <x.test>', 'list-id'],
  ['a newsletter', 'List-Unsubscribe: <mailto:x@x.test>', 'list-unsubscribe'], ['a mail that cannot come back', 'Return-Path: <>', 'return-path'],
  ['a mailbox that nobody reads', 'From: No-Reply@shop.test', 'From'], ['another one', 'From: do-not-reply+77@shop.test', 'From'], ['a daemon', 'From: mailer-daemon@shop.test', 'From'], ['our own mail', 'X-Loop: desk@clinic.test', 'X-Loop'],
  ['an absence in German', 'Subject: =?utf-8?q?Abwesenheitsnotiz=3A_Termin?=', 'Subject'], ['an absence', 'Subject: Out of office: Re: Hi', 'Subject'], ['Exchange in English', 'Subject: Automatic reply: Hi', 'Subject'],
])('%s gives itself away', async (_what, header, sign) => {
  expect(automaticSign(await mail(header), OURS)).toBe(sign);
});

test.each([
  'Auto-Submitted: no', 'Precedence: first-class', 'Return-Path: <ada@example.test>', 'Subject: I am out of the office on Monday', 'Subject: Automatic doors', 'From: noreplywanted@x.test',
  'X-Loop: somebody@else.test', 'X-Auto-Response-Suppress: DR', 'From: infobounce@x.test',
])('%s is nothing that a person would not send', async (header) => {
  expect(automaticSign(await mail(header), OURS)).toBeNull();
});

test.each([
  ['auto-replied', 'Auto-Submitted: auto-replied', 'reply'], ['an absence', 'Subject: Out of office: Hi', 'reply'], ['what bears our mark', 'X-Loop: Desk@Clinic.test', 'reply'], ['a mark of others', 'X-Loop: alarm@fridge.test', 'notice'],
  ['what a rule of Exchange passes on', 'X-MS-Exchange-Inbox-Rules-Loop: ops@fridge.test', 'notice'], ['a list that has a mark', 'List-Id: <x.test>\r\nX-Loop: x@x.test', 'bulk'],
])('%s is a %p', async (_what, headers, kind) => {
  expect(automaticKind(await mail(headers, 'Auto-Submitted: auto-generated'), OURS)).toBe(kind);
});

const report = (fields: string): Promise<Mail> => parseMail(Buffer.from(['From: MAILER-DAEMON@mx.test', 'Content-Type: multipart/report; boundary=b', '', '--b',
  'Content-Type: message/delivery-status', '', 'Reporting-MTA: dns; mx.test', '', fields, '', '--b--', ''].join('\r\n')));

test.each([
  ['failed for good', 'Action: failed\r\nStatus: 5.1.1', { status: 'undelivered', meaning: 'A mail server sent it back (5.1.1: there is no such mailbox)', class: 'fallback' }],
  ['refused because of its sender', 'Action: failed\r\nStatus: 5.1.8', { status: 'undelivered', meaning: 'A mail server sent it back (5.1.8)' }],
  ['failed for another reason', 'Action: failed\r\nStatus: 5.9.9', { status: 'undelivered', meaning: 'A mail server sent it back (5.9.9)' }],
  ['failed without a number', 'Action: Failed', { status: 'undelivered', meaning: 'A mail server sent it back' }],
  ['delivered', 'Action: delivered\r\nStatus: 2.0.0', { status: 'delivered', meaning: '' }], ['still under way', 'Action: delayed\r\nStatus: 4.4.1', null], ['passed on', 'Action: relayed', null],
])('a mail that is reported as %s', async (_what, fields, expected) => {
  const read = await report(fields);
  expect(isReport(read)).toBe(true);
  expect(reportedStatus(read)).toEqual(expected);
});

test('a daemon without a report says that it came back', async () => {
  const read = await mail('Return-Path: <>', 'From: Mailer-Daemon@old.test');
  expect(isReport(read)).toBe(true);
  expect(reportedStatus(read)).toEqual({ status: 'undelivered', meaning: 'A mail server sent it back' });
  expect(isReport(await mail('Subject: failed'))).toBe(false);
  expect(isReport(await mail('Return-Path: <>', 'Subject: failed'))).toBe(false);
});

test('a person who writes as postmaster is a person', async () => {
  const read = await mail('Return-Path: <postmaster@shop.test>', 'From: Pat <postmaster@shop.test>');
  expect([isReport(read), automaticSign(read, OURS)]).toEqual([false, null]);
  expect(isReport(await mail('From: postmaster@shop.test'))).toBe(false);
});

test.each([
  ['a fresh mail', { automatic: null, tooOften: false, ageMs: 3 * 86_400_000 }, undefined], ['a mail that lay there for long', { automatic: null, tooOften: false, ageMs: 3 * 86_400_000 + 1 }, true],
  ['one of too many', { automatic: null, tooOften: true, ageMs: 0 }, true], ['an old mail of a program', { automatic: 'list-id', tooOften: true, ageMs: 9e9 }, false],
])('%s: whether it is left to people', (_what, mail, people) => {
  expect(unansweredFor(mail).unanswered?.people).toBe(people);
});
