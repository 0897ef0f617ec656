import { expect, test } from '@jest/globals';
import { uuidv7 } from '@throughline/kernel/ids.js';
import fc from 'fast-check';
import { claimedLink, isSealedWith, sealedLink } from './link.policy.js';

const LINK = { tenantId: uuidv7(1), fileId: uuidv7(2), expiresAt: new Date('2026-03-04T05:06:07Z') };

test('what was sealed is read again, and no other secret fits', () => {
  const token = sealedLink(LINK, 'secret');
  expect(claimedLink(token)).toEqual(LINK);
  expect([isSealedWith(token, 'secret'), isSealedWith(token, 'Secret')]).toEqual([true, false]);
});

test('no character of it can be changed', () => {
  const token = sealedLink(LINK, 'secret');
  fc.assert(fc.property(fc.nat(token.length - 1), fc.constantFrom(...'ABCDwxyz0189-_'), (at, character) => {
    const other = token.slice(0, at) + character + token.slice(at + 1);
    // The last character of 32 bytes has two bits to spare, which say nothing.
    fc.pre(other !== token && at !== token.length - 1);
    expect(claimedLink(other) !== null && isSealedWith(other, 'secret')).toBe(false);
  }));
});

test.each(['', '.', 'a.b', '../etc/passwd', `${'A'.repeat(48)}.`, `${'A'.repeat(48)}.${'A'.repeat(44)}`, 'A'.repeat(92)])('%j is no link', (token) => {
  expect([claimedLink(token), isSealedWith(token, 'secret')]).toEqual([null, false]);
});
