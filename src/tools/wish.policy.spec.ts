import { expect, test } from '@jest/globals';
import type { Message } from '../conversations/conversations.types.js';
import { tenantSettingsSchema } from '../tenancy/tenancy.types.js';
import { wishIn } from './wish.policy.js';

const settings = (transfer: object) => tenantSettingsSchema.parse({ transfer }).transfer;
const said = (body: string, words: string[] = []): Pick<Message, 'body' | 'channel' | 'details'> => ({ body, channel: 'voice', details: { words } });

test.each([
  ['a person, please', true], ['A PERSON please!', true], ['  a  person—please. ', true], ['I want no person, please', false], ['a person, please, but later', false], ['0', false], ['', false],
])('of the keyword "a person please", "%s" is one: %s', (body, expected) => {
  expect(wishIn(settings({ keywords: ['a person please'], onZero: true }), said(body))).toBe(expected);
});

test('a 0 on the keypad is a wish where the tenant says so, and a 0 that was spoken never', () => {
  const pressed = said('0', ['pressed on the keypad']);
  expect([wishIn(settings({ onZero: true }), pressed), wishIn(settings({}), pressed), wishIn(settings({ onZero: true }), said('0')), wishIn(settings({ onZero: true }), said('00', ['pressed on the keypad']))])
    .toEqual([true, false, false, false]);
});

test('what was written is no wish, nor is anything where nothing is set', () => {
  expect(wishIn(settings({ keywords: ['person'] }), { ...said('person'), channel: 'sms' })).toBe(false);
  expect(wishIn(settings({ keywords: ['!!'] }), said('!'))).toBe(false);
  expect(wishIn(settings({}), said('person'))).toBe(false);
});
