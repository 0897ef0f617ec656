import { expect, test } from '@jest/globals';
import { type Mail, parseMail } from '@throughline/mail/parse.js';
import { isProved } from './proof.policy.js';

const mail = (...results: string[]): Promise<Mail> =>
  parseMail(Buffer.from([...results.map((result) => `Authentication-Results: ${result}`), 'From: Ada <ada@example.test>', '', 'Hello'].join('\r\n')));

test.each([
  ['a pass', ['mx.clinic.test; spf=pass smtp.mailfrom=x; dmarc=pass (p=reject; sp=none) header.from=example.test']],
  ['a pass with a version and in capitals', ['MX.clinic.test 1; DMARC=Pass header.from=Example.test']],
  ['a pass without the domain', ['mx.clinic.test; dmarc=pass']],
  ['a pass beside another server\'s word', ['mx.clinic.test; dmarc=pass header.from=example.test', 'mx.elsewhere.test; dmarc=fail']],
])('%s proves it', async (_what, results) => {
  expect(isProved(await mail(...results), 'mx.clinic.test')).toBe(true);
});

test.each([
  ['nothing', []], ['a failure', ['mx.clinic.test; dmarc=fail header.from=example.test']], ['SPF and DKIM alone', ['mx.clinic.test; spf=pass; dkim=pass header.d=example.test']],
  ['another server', ['mx.attacker.test; dmarc=pass header.from=example.test']], ['a server of a similar name', ['mx.clinic.test.evil.test; dmarc=pass']],
  ['a pass for another domain', ['mx.clinic.test; dmarc=pass header.from=attacker.test']], ['a pass inside a comment', ['mx.clinic.test (; dmarc=pass)']],
  ['a pass and a failure', ['mx.clinic.test; dmarc=fail', 'mx.clinic.test; dmarc=pass header.from=example.test']], ['no policy', ['mx.clinic.test; dmarc=none']],
  ['a name in the wrong place', ['x; mx.clinic.test; dmarc=pass']],
])('%s proves nothing', async (_what, results) => {
  expect(isProved(await mail(...results), 'mx.clinic.test')).toBe(false);
});

test('without the server\'s name nothing is proved', async () => {
  expect(isProved(await mail('mx.clinic.test; dmarc=pass'), null)).toBe(false);
});
