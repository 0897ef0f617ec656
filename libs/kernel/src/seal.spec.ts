import { expect, test } from '@jest/globals';
import { Seal } from './seal.js';

const seal = new Seal('a key');

test('what was sealed opens in its place, and is never twice the same', () => {
  const [first, second] = [seal.close('päss', 'mailbox 1'), seal.close('päss', 'mailbox 1')];
  expect(seal.open(first, 'mailbox 1')).toBe('päss');
  expect(first).not.toBe(second);
  expect(first).not.toContain('päss');
});

// Three bytes are four signs to the last bit: each sign of them counts.
test.each([
  ['with another key', () => new Seal('another').open(seal.close('x', 'a'), 'a')],
  ['in another place', () => seal.open(seal.close('x', 'a'), 'b')],
  ['when it was changed', () => seal.open(seal.close('xyz', 'a').replace(/.$/, (end) => (end === 'A' ? 'B' : 'A')), 'a')],
  ['with a shorter tag', () => seal.open(seal.close('x', 'a').split('.').map((part, n) => (n === 2 ? part.slice(0, 6) : part)).join('.'), 'a')],
  ['when it is no seal', () => seal.open('x', 'a')],
])('it does not open %s', (_how, open) => {
  expect(open).toThrow(expect.objectContaining({ code: 'secret_unreadable' }));
});
