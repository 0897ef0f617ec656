import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseMail } from './parse.js';

const mail = (lines: string[], encoding: BufferEncoding = 'utf8'): Buffer => Buffer.from(lines.join('\r\n'), encoding);
const FROM = 'From: Ada <Ada@Example.Test>';

test('a plain mail is read', async () => {
  const read = await parseMail(mail([FROM, 'To: desk@clinic.test', 'Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=', 'Message-ID: <1@a>', 'References: <x@b>', '  <y@b>', 'In-Reply-To: <y@b>',
    'X-Twice: one', 'X-Twice: two', '', 'Hello']));
  expect(read).toMatchObject({
    from: { address: 'ada@example.test', name: 'Ada' }, to: ['desk@clinic.test'], subject: 'Grüße', messageId: '<1@a>', references: ['<x@b>', '<y@b>'], text: 'Hello',
    html: null, files: [], report: null,
  });
  expect(read.header('x-twice')).toEqual(['one', 'two']);
});

test.each([
  ['two authors', ['From: a@x.test, b@x.test']], ['two headers that name one', ['From: a@x.test', 'From: b@x.test']], ['none', ['To: a@x.test']], ['no address', ['From: Ada']],
  ['an address with a line of its own', ['From: "a\r\n b"@x.test']],
])('%s: nobody can be answered', async (_what, headers) => {
  expect((await parseMail(mail([...headers, '', 'Hello']))).from).toBeNull();
});

test('hostile HTML becomes text, and what is shown of it runs and loads nothing', async () => {
  const html = '<style>*{display:none}</style><p onclick="x()">Hello <b>you</b></p><img src="https://spy.test/1.gif"><script>alert(1)</script><a href="javascript:x()">a</a>'
    + '<iframe src="//x"></iframe><a href="https://x.test/">b</a><form action="/x"><input></form><svg onload=x()>';
  const read = await parseMail(mail([FROM, 'Content-Type: text/html; charset=utf-8', '', html]));
  expect(read.text).toMatch(/Hello you/);
  expect(read.text).not.toMatch(/alert|display/);
  expect(read.html).toContain('<b>you</b>');
  expect(read.html).not.toMatch(/script|onclick|onload|spy|iframe|form|input|svg|style|javascript/);
});

test('words below long styles and comments are read', async () => {
  const html = `<html><head><STYLE>${'p { color: red } '.repeat(20_000)}</STYLE><!--[if mso]>${'x'.repeat(200_000)}<![endif]--></head><body><p>Hello <b>you</b></p></body></html>`;
  expect(await parseMail(mail([FROM, 'Content-Type: text/html', '', html]))).toMatchObject({ text: 'Hello you', newWords: 'Hello you', html: '<p>Hello <b>you</b></p>' });
});

test('other alphabets are read', async () => {
  expect((await parseMail(mail([FROM, 'Content-Type: text/plain; charset=iso-8859-1', 'Content-Transfer-Encoding: 8bit', '', 'Grüße'], 'latin1'))).text).toBe('Grüße');
  expect((await parseMail(mail([FROM, 'Content-Type: text/plain; charset=shift_jis', 'Content-Transfer-Encoding: base64', '', 'grGC8YLJgr+CzQ==']))).text).toBe('こんにちは');
});

test('files are found, a picture within the text among them, and an invitation', async () => {
  const part = (type: string, disposition: string, body: string): string[] => ['--b', `Content-Type: ${type}`, `Content-Disposition: ${disposition}`, 'Content-Transfer-Encoding: base64', '', body];
  const read = await parseMail(mail([FROM, 'Content-Type: multipart/mixed; boundary=b', '', '--b', 'Content-Type: text/html', '', '<p>See <img src="cid:1"></p>',
    ...part('image/png', 'inline; filename=p.png\r\nContent-ID: <1>', 'iVBORw0KGgo='), ...part('application/pdf', 'attachment; filename="l.pdf"', 'JVBERi0='), ...part('text/calendar; method=REQUEST', 'attachment', 'QkVHSU4='), '--b--', '']));
  expect(read.files.map(({ contentType, name }) => [contentType, name])).toEqual([['image/png', 'p.png'], ['application/pdf', 'l.pdf'], ['text/calendar', null]]);
  expect(read.text).toBe('See');
});

test('what a server reports of a mail of ours is kept apart from the words', async () => {
  const read = await parseMail(mail(['From: MAILER-DAEMON@mx.test', 'Content-Type: multipart/report; report-type=delivery-status; boundary=b', '',
    '--b', 'Content-Type: text/plain', '', 'It bounced.', '--b', 'Content-Type: message/delivery-status', '', 'Reporting-MTA: dns; mx.test', '', 'Action: failed', 'Status: 5.1.1', '',
    '--b', 'Content-Type: message/rfc822', '', 'Message-ID: <ours@clinic.test>', 'Subject: Re: x', '', 'Body', '--b--', '']));
  expect(read.report?.status).toContain('Status: 5.1.1');
  expect(read.report?.returned).toContain('Message-ID: <ours@clinic.test>');
  expect(read.files).toEqual([]);
  expect(read.text).toBe('It bounced.');
});

test('whatever comes is read or refused', async () => {
  await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), fc.boolean(), async (bytes, headed) => {
    const read = await parseMail(Buffer.concat([Buffer.from(headed ? `${FROM}\r\nContent-Type: multipart/mixed; boundary="` : ''), bytes]));
    expect(read.text).not.toContain('\u0000');
  }), { numRuns: 200 });
});
