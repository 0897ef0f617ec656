import { createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { callOfTicket, isFromVapi, ticketOf } from './signature.js';

const SECRET = 'what only Vapi and we know';
const NOW = 1_790_000_000_000;
const rawBody = Buffer.from('{"message":{"type":"status-update","note":"é"}}');
const hmac = (payload: string, encoding: 'hex' | 'base64' = 'hex', secret = SECRET): string => createHmac('sha256', secret).update(payload).digest(encoding);
const body = rawBody.toString();

test('an HMAC as other tools make it is the same', () => {
  // openssl dgst -sha256 -hmac "…": the answer is fixed, so that our own signing cannot drift with our reading.
  expect(hmac('1790000000.{}')).toBe('20df0e46184e05089c1191caab1244429d179b4e4c2ac07c60024655e5fb3b52');
});

test.each<[string, Record<string, string>, boolean]>([
  ['the secret itself', { 'x-vapi-secret': SECRET }, true],
  ['another secret', { 'x-vapi-secret': `${SECRET} ` }, false],
  ['an empty secret', { 'x-vapi-secret': '' }, false],
  ['a Bearer token', { authorization: `bearer ${SECRET.replaceAll(' ', '')}` }, false],
  ['Basic credentials', { authorization: `Basic ${SECRET}` }, false],
  ['nothing', {}, false],
  ['hex over the body', { 'x-vapi-signature': hmac(body) }, true],
  ['hex with a prefix', { 'x-vapi-signature': `sha256=${hmac(body)}` }, true],
  ['base64 over the body', { 'x-signature': hmac(body, 'base64') }, true],
  ['over time and body, in milliseconds', { 'x-signature': hmac(`${NOW}.${body}`), 'x-timestamp': String(NOW) }, true],
  ['over time and body, in seconds', { 'x-signature': hmac(`${NOW / 1_000}.${body}`), 'x-vapi-timestamp': String(NOW / 1_000) }, true],
  ['five minutes old', { 'x-signature': hmac(`${NOW - 300_000}.${body}`), 'x-timestamp': String(NOW - 300_000) }, true],
  ['older than that', { 'x-signature': hmac(`${NOW - 300_001}.${body}`), 'x-timestamp': String(NOW - 300_001) }, false],
  ['from the future', { 'x-signature': hmac(`${NOW + 300_001}.${body}`), 'x-timestamp': String(NOW + 300_001) }, false],
  ['with a time that is none', { 'x-signature': hmac(`soon.${body}`), 'x-timestamp': 'soon' }, false],
  ['with its time left out', { 'x-signature': hmac(`${NOW}.${body}`) }, false],
  ['with a time that was not signed', { 'x-signature': hmac(body), 'x-timestamp': String(NOW) }, false],
  ['over another body', { 'x-signature': hmac(`${body} `) }, false],
  ['by somebody else', { 'x-signature': hmac(body, 'hex', 'not it') }, false],
  ['a wrong signature beside the right secret', { 'x-signature': 'no', 'x-vapi-secret': SECRET }, false],
])('signed by %s', (_, headers, isTrue) => {
  expect(isFromVapi({ headers, rawBody }, SECRET, NOW)).toBe(isTrue);
});

test('a Bearer token lets in who knows it', () => {
  expect(isFromVapi({ headers: { authorization: 'Bearer s3cret' }, rawBody }, 's3cret', NOW)).toBe(true);
  expect(isFromVapi({ headers: { authorization: ['Bearer s3cret', 'Bearer no'] }, rawBody }, 's3cret', NOW)).toBe(false);
});

test('a ticket is good for its own call only', () => {
  const ticket = ticketOf('CA1', 'key');
  expect(callOfTicket(ticket, 'key')).toBe('CA1');
  for (const wrong of [undefined, '', '.', 'CA1', 'CA1.', ticket.replace('CA1', 'CA2'), `${ticket}x`, ` ${ticket}`]) expect(callOfTicket(wrong, 'key')).toBeNull();
  expect(callOfTicket(ticket, 'another key')).toBeNull();
});
