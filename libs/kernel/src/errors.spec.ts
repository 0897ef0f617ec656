import { expect, test } from '@jest/globals';
import { conflict, describe as inWords, type ErrorKind, HubError, invalid, notFound } from './errors.js';

test.each<[ErrorKind, boolean]>([
  ['invalid', false], ['unauthenticated', false], ['forbidden', false], ['not_found', false], ['conflict', false],
  ['too_large', false], ['too_many', false], ['internal', false], ['unavailable', true],
])('an error of the kind %s says retryable: %j when the thrower does not', (kind, retryable) => {
  expect(new HubError(kind, 'code', 'A sentence.')).toMatchObject({
    name: 'HubError', kind, code: 'code', message: 'A sentence.', retryable, retryAfterMs: undefined, fields: undefined,
  });
});

test('the thrower has the last word on retrying', () => {
  expect(new HubError('unavailable', 'code', '', { retryable: false }).retryable).toBe(false);
  expect(new HubError('too_many', 'code', '', { retryable: true, retryAfterMs: 20 })).toMatchObject({ retryable: true, retryAfterMs: 20 });
});

test('a cause is kept, and where there was none there is none', () => {
  const cause = new Error('socket');
  expect(new HubError('internal', 'code', '', { cause }).cause).toBe(cause);
  expect('cause' in new HubError('internal', 'code', '')).toBe(false);
});

test('the usual errors', () => {
  expect(notFound('tenant', 'x')).toMatchObject({ kind: 'not_found', code: 'not_found', message: 'There is no tenant x here.', retryable: false });
  expect(conflict('sender_taken', 'Taken.')).toMatchObject({ kind: 'conflict', code: 'sender_taken', message: 'Taken.' });
  expect(invalid('Wrong.').fields).toBeUndefined();
  expect(invalid('Wrong.', [{ path: 'a', message: 'b' }]).fields).toEqual([{ path: 'a', message: 'b' }]);
});

test.each<[unknown, string]>([
  [new HubError('conflict', 'taken', 'It is taken.'), 'taken: It is taken.'],
  [new TypeError('no function'), 'TypeError: no function'],
  ['a word', 'a word'],
  [undefined, 'undefined'],
])('in a log line %j is %j', (error, line) => {
  expect(inWords(error)).toBe(line);
});
