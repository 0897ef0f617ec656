import { expect, test } from '@jest/globals';
import { personKey } from './address.js';
import { trusts } from './contacts.types.js';
import { isAtLeast, isKnown, trustOfChannel } from './trust.policy.js';

test('who has shown who they are is known; who only says so is not', () => {
  expect(trusts.filter(isKnown)).toEqual(['carrier_verified', 'attested_caller_id', 'verified']);
});

test('each level is at least as sure as itself and those behind it', () => {
  expect(trusts.map((trust) => trusts.filter((other) => isAtLeast(trust, other)).length)).toEqual([5, 4, 3, 2, 1]);
});

test.each([
  ['sms', 'carrier_verified'], ['whatsapp', 'carrier_verified'], ['rcs', 'carrier_verified'], ['voice', 'claimed'], ['email', 'claimed'], ['chat', 'anonymous'], ['pigeon', 'claimed'],
])('%s alone is %s', (channel, trust) => {
  expect(trustOfChannel(channel)).toBe(trust);
});

test('a number is the same person on every phone channel that vouches for it, and stands for itself where it is only claimed', () => {
  const keys = (['sms', 'whatsapp', 'rcs'] as const).map((channel) => personKey(channel, '+15551230001', 'carrier_verified'));
  expect(new Set([...keys, personKey('voice', '+15551230001', 'attested_caller_id')])).toEqual(new Set(['tel:+15551230001']));
  expect(personKey('voice', '+15551230001', 'claimed')).toBe('voice:+15551230001');
  expect(personKey('whatsapp', 'Ada.Lovelace', 'carrier_verified')).toBe('whatsapp:ada.lovelace');
  expect(personKey('sms', '12345', 'carrier_verified')).toBe('sms:12345');
  expect(personKey('email', '+15551230001', 'verified')).toBe('email:+15551230001');
});
