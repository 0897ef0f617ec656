import { expect, test } from '@jest/globals';
import type { Mail } from '@throughline/mail/mail.js';
import { parseMail } from '@throughline/mail/parse.js';
import fc from 'fast-check';
import { isProved } from './proof.policy.js';

const mail = (...results: string[]): Promise<Mail> =>
  parseMail(Buffer.from([...results.map((result) => `Authentication-Results: ${result}`), 'From: Ada <ada@example.test>', '', 'Hello'].join('\r\n')));

test.each([
  ['a pass', ['mx.clinic.test; spf=pass smtp.mailfrom=x; dmarc=pass (p=reject; sp=none) header.from=example.test']],
  ['a pass with a version and in capitals', ['MX.clinic.test 1; DMARC=Pass header.from=Example.test']],
  ['a pass as Gmail writes it', ['mx.clinic.test;\r\n dkim=pass header.i=@example.test header.s=s1 header.b=Ab+/Cd=;\r\n spf=pass (mx: domain of a@example.test designates 192.0.2.1 as permitted sender) smtp.mailfrom=a@example.test;\r\n dmarc=pass (p=REJECT sp=REJECT dis=NONE) header.from=example.test']],
  ['a pass with comments in comments', ['mx.clinic.test (a (b; dmarc=fail) c) 1; dkim=pass reason="good; really" header.d=example.test; dmarc (x) = pass header.from = "example.test";']],
  ['a pass beside a sender\'s odd address', ['mx.clinic.test; spf=fail smtp.mailfrom="a; dmarc=fail (\\""@evil.test; dmarc=pass header.from=example.test']],
  ['a pass for an address', ['mx.clinic.test; dmarc=pass header.from=ada@example.test']],
  ['a pass beside another server\'s word', ['mx.clinic.test; dmarc=pass header.from=example.test', 'mx.elsewhere.test; dmarc=fail', 'dkim=none (message not signed) header.d=none;dmarc=none action=none header.from=example.test;']],
])('%s proves it', async (_what, results) => {
  expect(isProved(await mail(...results), 'mx.clinic.test')).toBe(true);
});

test.each([
  ['nothing', []], ['a failure', ['mx.clinic.test; dmarc=fail header.from=example.test']], ['SPF and DKIM alone', ['mx.clinic.test; spf=pass; dkim=pass header.d=example.test']],
  ['another server', ['mx.attacker.test; dmarc=pass header.from=example.test']], ['a server of a similar name', ['mx.clinic.test.evil.test; dmarc=pass']],
  ['a pass for another domain', ['mx.clinic.test; dmarc=pass header.from=attacker.test']], ['a pass inside a comment', ['mx.clinic.test (; dmarc=pass)']],
  ['a pass and a failure', ['mx.clinic.test; dmarc=fail', 'mx.clinic.test; dmarc=pass header.from=example.test']], ['no policy', ['mx.clinic.test; dmarc=none']],
  ['a name in the wrong place', ['x; mx.clinic.test; dmarc=pass']], ['a pass that names no domain', ['mx.clinic.test; dmarc=pass']], ['a pass that names two', ['mx.clinic.test; dmarc=pass header.from=example.test header.from=evil.test']],
  ['a pass in an envelope\'s address', ['mx.clinic.test; spf=pass (ok) smtp.mailfrom="a; dmarc=pass header.from=example.test; b"@evil.test']],
  ['an opened bracket in one', ['mx.clinic.test; spf=pass smtp.mailfrom="x; dmarc=pass header.from=example.test; ("@evil.test; dmarc=fail header.from=example.test; dkim=pass header.i=")"@evil.test']],
  ['a pass at the end of one', ['mx.clinic.test; dkim=pass header.i="x; dmarc=pass header.from=example.test"@evil.test']],
  ['an escaped quotation mark in one', ['mx.clinic.test; spf=pass smtp.mailfrom="x\\"; dmarc=pass header.from=example.test; \\""@evil.test']],
  ['a bracket that ends the server\'s comment', ['mx.clinic.test; spf=pass (domain of "x) a=b; dmarc=pass header.from=example.test; y=z ("@evil.test is fine) smtp.mailfrom=evil.test']],
  ['a quotation mark without another', ['mx.clinic.test; spf=pass smtp.mailfrom="x; dmarc=pass header.from=example.test']], ['a bracket without another', ['mx.clinic.test; dmarc=pass header.from=example.test (']],
  ['another bracket', ['mx.clinic.test; spf=pass ) x; dmarc=pass header.from=example.test']], ['a property that is a result', ['mx.clinic.test; spf=pass dmarc=pass header.from=example.test']],
  ['a good header beside one of the same server that is odd', ['mx.clinic.test; dmarc=pass header.from=example.test', '(mx.clinic.test; dmarc=fail']],
])('%s proves nothing', async (_what, results) => {
  expect(isProved(await mail(...results), 'mx.clinic.test')).toBe(false);
});

test('without the server\'s name nothing is proved', async () => {
  expect(isProved(await mail('mx.clinic.test; dmarc=pass'), null)).toBe(false);
});

const hostile = fc.array(fc.constantFrom('"', '\\', '(', ')', ';', '=', ' ', '@', ',', 'a', 'dmarc=pass header.from=example.test', ' dmarc=fail'), { maxLength: 12 }).map((parts) => parts.join(''));
const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"@evil.test`;

test('whatever a sender has quoted, it is the server\'s own verdict that counts', async () => {
  await fc.assert(fc.asyncProperty(hostile, hostile, async (from, identity) => {
    const around = (verdict: string): string => `mx.clinic.test; spf=pass smtp.mailfrom=${quoted(from)}${verdict}; dkim=pass header.i=${quoted(identity)}`;
    expect(isProved(await mail(around('')), 'mx.clinic.test')).toBe(false);
    expect(isProved(await mail(around('; dmarc=fail header.from=example.test')), 'mx.clinic.test')).toBe(false);
    expect(isProved(await mail(around('; dmarc=pass header.from=example.test')), 'mx.clinic.test')).toBe(true);
  }), { numRuns: 300 });
});

test('nor does a server that does not escape what it repeats help a forger', async () => {
  await fc.assert(fc.asyncProperty(hostile, async (from) => {
    expect(isProved(await mail(`mx.clinic.test; spf=pass (domain of "${from}"@evil.test) smtp.mailfrom=evil.test`), 'mx.clinic.test')).toBe(false);
    expect(isProved(await mail(`mx.clinic.test; spf=pass smtp.mailfrom="${from}"@evil.test; dmarc=fail header.from=example.test`), 'mx.clinic.test')).toBe(false);
  }), { numRuns: 300 });
});
