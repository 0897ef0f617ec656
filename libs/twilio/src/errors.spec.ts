import fs from 'node:fs';
import { expect, test } from '@jest/globals';
import { HubError } from '@throughline/kernel/errors.js';
import { type ErrorClass, knownErrorCodes, meaningOf, TwilioFailure, twilioFailure } from './errors.js';

// twilio.com/docs/api/errors; which of them Twilio may have acted on, and who has to do something about it.
test.each<[ErrorClass, number[]]>([
  ['retry', [10004, 20429, 21611, 30001, 30017, 30022, 63009, 63010, 63012, 63017, 63018]],
  ['ask', [20500, 20503, 30008]],
  ['opt_out', [21610, 63014, 63033]],
  ['window', [63016]],
  ['template', [21655, 21656, 63027, 63028, 63040, 63041]],
  ['service', [21664, 21666, 21667]],
  ['fallback', [21211, 21612, 21614, 30003, 30004, 30005, 30006, 63003, 63015, 63024, 63035, 63036, 63049]],
  ['config', [20003, 20005, 21203, 21210, 21212, 21215, 21219, 21408, 21601, 21606, 21608, 21704, 30002, 30023, 30024, 30032, 30034, 63007, 63038, 63051]],
  ['permanent', [13223, 13224, 13225, 20404, 21214, 21216, 21217, 20422, 21602, 21617, 30007, 30036, 30450, 63005, 63013]],
])('the class %s', (kind, codes) => {
  expect(codes.map((code) => [code, meaningOf(code).class])).toEqual(codes.map((code) => [code, kind]));
});

test('what the table does not know is permanent: retrying blindly doubles texts', () => {
  for (const code of [undefined, 0, 99_999]) expect(meaningOf(code)).toEqual({ class: 'permanent', meaning: 'Twilio refused the message' });
});

test('each code stands in the table once, with words to it', () => {
  const source = fs.readFileSync(new URL('errors.ts', import.meta.url), 'utf8');
  const written = [...source.matchAll(/\b(\d{5}): '/g)].map((match) => Number(match[1]));
  expect(written.length).toBe(new Set(written).size);
  expect(written.sort()).toEqual(knownErrorCodes().sort());
  expect(knownErrorCodes().filter((code) => meaningOf(code).meaning.length < 10)).toEqual([]);
});

interface Expected {
  code: string;
  errorClass: ErrorClass;
  kind: 'unavailable' | 'conflict';
  retryAfterMs?: number;
}
const retry = (code: string, retryAfterMs?: number): Expected => ({ code, errorClass: 'retry', kind: 'unavailable', ...(retryAfterMs === undefined ? {} : { retryAfterMs }) });
const ask = (code: string): Expected => ({ code, errorClass: 'ask', kind: 'unavailable' });

test.each<[string, unknown, Expected]>([
  ['429 with a wait', { status: 429, code: 20429, headers: { 'retry-after': '7' } }, retry('twilio_20429', 7_000)],
  ['429 without a number', { status: 429 }, retry('twilio_20429')],
  ['429 with a date to wait for', { status: 429, headers: { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' } }, retry('twilio_20429')],
  ['429 with a wait below zero', { status: 429, headers: { 'retry-after': '-1' } }, retry('twilio_20429')],
  ['500', { status: 500, code: 20500 }, ask('twilio_20500')],
  ['503 without a number', { status: 503 }, ask('twilio_503')],
  ['400 for one who opted out', { status: 400, code: 21610 }, { code: 'twilio_21610', errorClass: 'opt_out', kind: 'conflict' }],
  ['400 with a full queue', { status: 400, code: 21611 }, retry('twilio_21611')],
  ['400 with an unknown number', { status: 400, code: 99_999 }, { code: 'twilio_99999', errorClass: 'permanent', kind: 'conflict' }],
  ['404', { status: 404, code: 20404 }, { code: 'twilio_20404', errorClass: 'permanent', kind: 'conflict' }],
  ['401 without a number', { status: 401 }, { code: 'twilio_401', errorClass: 'config', kind: 'conflict' }],
  ['401', { status: 401, code: 20003 }, { code: 'twilio_20003', errorClass: 'config', kind: 'conflict' }],
  // Twilio refused with an answer, so it did not act, whatever that number means in a receipt.
  ['400 with a number that elsewhere is unknown', { status: 400, code: 30008 }, { code: 'twilio_30008', errorClass: 'permanent', kind: 'conflict' }],
  ['a timeout', Object.assign(new Error('timeout of 15000ms exceeded'), { code: 'ECONNABORTED' }), ask('twilio_unreachable')],
  ['a connection that broke', Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }), ask('twilio_unreachable')],
  ['a refused connection', Object.assign(new Error(''), { code: 'ECONNREFUSED' }), retry('twilio_unreachable')],
  ['an unknown host', Object.assign(new Error(''), { code: 'ENOTFOUND' }), retry('twilio_unreachable')],
  ['anything else', new Error('what?'), ask('twilio_unreachable')],
  ['a word', 'what?', ask('twilio_unreachable')],
])('%s becomes a failure that says what may have happened', (_, error, expected) => {
  const failure = twilioFailure(error);
  expect(failure).toBeInstanceOf(HubError);
  expect(failure).toMatchObject({ ...expected, retryable: expected.kind === 'unavailable', retryAfterMs: expected.retryAfterMs });
  expect(failure.cause).toBe(error);
});

test('a failure that has been read already is left as it is', () => {
  const failure = new TwilioFailure(21610, 400, 'opt_out', 'opted out', { cause: undefined });
  expect(twilioFailure(failure)).toBe(failure);
});
