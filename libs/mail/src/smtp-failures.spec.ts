import { expect, test } from '@jest/globals';
import { HubError } from '@throughline/kernel/errors.js';
import { smtpFailure } from './smtp-failures.js';

test.each([
  ['greylisted', { responseCode: 451, response: '451 4.7.1 try again later', command: 'RCPT TO' }, false, 'retry'],
  ['too busy', { responseCode: 421, response: '421 4.3.2 shutting down' }, false, 'retry'],
  ['mailbox full, for now', { responseCode: 452, response: '452 4.2.2 over quota', command: 'RCPT TO' }, false, 'retry'],
  ['no such recipient', { responseCode: 550, response: '550 5.1.1 <ada@example.test> unknown', command: 'RCPT TO' }, false, 'fallback'],
  ['a domain that takes no mail', { responseCode: 556, response: '556 5.1.10 null MX', command: 'RCPT TO' }, false, 'fallback'],
  ['no such recipient, found out late', { responseCode: 550, response: '550 5.1.1 unknown', command: 'DATA' }, true, 'fallback'],
  ['a sender that it does not like', { responseCode: 550, response: '550 5.1.8 bad sender', command: 'RCPT TO' }, false, 'config'],
  ['no such recipient, in several lines', { responseCode: 550, response: '550-5.1.1 no such\n550 5.1.1 account', command: 'RCPT TO' }, false, 'fallback'],
  ['no such recipient, as some write it', { responseCode: 550, response: '550 #5.1.0 Address rejected.', command: 'RCPT TO' }, false, 'fallback'],
  ['a host that it does not like', { responseCode: 550, response: '550 host [5.1.22.3] is blocked, 5.1.22 too', command: 'RCPT TO' }, false, 'permanent'],
  ['refused without a reason', { responseCode: 550, response: '550 no', command: 'RCPT TO' }, false, 'permanent'],
  ['too large', { responseCode: 552, response: '552 5.3.4 too big', command: 'DATA' }, false, 'permanent'],
  ['refused as spam after all of it', { responseCode: 554, response: '554 5.6.0 no', command: 'DATA' }, true, 'permanent'],
  ['not now after all of it', { responseCode: 451, response: '451 4.3.0 no', command: 'DATA' }, true, 'retry'],
  ['a wrong password', { code: 'EAUTH', responseCode: 535, response: '535 5.7.8 no', command: 'AUTH PLAIN' }, false, 'config'],
  ['a login is wanted', { responseCode: 530, response: '530 5.7.0 authenticate first', command: 'MAIL FROM' }, false, 'config'],
  ['we may not send as this', { responseCode: 553, response: '553 no', command: 'MAIL FROM' }, false, 'config'],
  ['relaying is denied', { responseCode: 554, response: '554 5.7.1 relay denied', command: 'RCPT TO' }, false, 'config'],
  ['nobody listens', { code: 'ECONNREFUSED' }, false, 'retry'],
  ['no name', { code: 'EDNS' }, false, 'retry'],
  ['no TLS', { code: 'ETLS' }, false, 'config'],
  ['it went away before the mail', { code: 'ECONNECTION' }, false, 'retry'],
  ['it went away with the mail', { code: 'ECONNECTION' }, true, 'ask'],
  ['it says nothing after the mail', { code: 'ETIMEDOUT' }, true, 'ask'],
  ['a host that we do not go to', new HubError('invalid', 'mail_host_refused', 'no'), false, 'config'],
] as const)('%s', (_what, error, handedOver, kind) => {
  const failure = smtpFailure(error, handedOver);
  expect(failure.kind).toBe(kind);
  expect(failure.message).not.toContain('@');
});

test.each(['a', '<', 'a@'])('a server that goes on for a million characters (%s) is heard to its first thousand', (filling) => {
  const failure = smtpFailure({ responseCode: 550, response: `550 5.1.1 ${filling.repeat(1_000_000)} ada@example.test`, command: 'RCPT TO' }, false);
  expect([failure.kind, failure.message.length < 300, failure.message.includes('@')]).toEqual(['fallback', true, false]);
});
