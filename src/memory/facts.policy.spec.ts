import { expect, test } from '@jest/globals';
import { type Candidate, mayBeTold, worthShowing } from './facts.policy.js';

const NOW = new Date('2026-01-05T09:00:00Z');
const fact = (statement: string, change: Partial<Candidate> = {}, daysAgo = 0): Candidate => ({
  id: statement, conversationSid: 'CH1', statement, sourceMessageId: null, channel: 'sms', confidence: 0.7, sensitivity: 'ordinary',
  supersededAt: null, supersededBy: null, forgottenAt: null, createdAt: new Date(NOW.getTime() - daysAgo * 86_400_000), relevance: 0, ...change,
});
const occasion = { channel: 'sms' as const, now: NOW, budgetTokens: 1_000 };
/** One token a character, and 16 around each fact. */
const shown = (facts: Candidate[], change: Partial<typeof occasion> | { channel: 'chat' | null } = {}): string[] =>
  worthShowing(facts, { ...occasion, ...change }, (text) => text.length).map(({ statement }) => statement);

test.each([
  ['ordinary', 'chat', true], ['ordinary', null, true], ['personal', 'sms', true], ['personal', 'whatsapp', true], ['personal', 'chat', false],
  ['personal', 'email', false], ['special', 'voice', true], ['special', 'chat', false], ['special', null, false],
] as const)('what is %s is told on %s: %s', (sensitivity, channel, told) => {
  expect(mayBeTold({ sensitivity }, channel)).toBe(told);
});

test('what is special is shown only when the question is about it', () => {
  expect(shown([fact('Is diabetic', { sensitivity: 'special' })])).toEqual([]);
  expect(shown([fact('Is diabetic', { sensitivity: 'special', relevance: 0.1 })])).toEqual(['Is diabetic']);
  expect(shown([fact('Is diabetic', { sensitivity: 'special', relevance: 0.1 })], { channel: 'chat' })).toEqual([]);
});

test('everything that fits is shown, oldest first', () => {
  expect(shown([fact('new'), fact('old', {}, 10), fact('oldest', {}, 20)])).toEqual(['oldest', 'old', 'new']);
});

test.each([
  ['the newer', fact('b'), fact('a', {}, 300)],
  ['the surer', fact('b', { confidence: 1 }), fact('a', { confidence: 0.2 })],
  ['the more relevant', fact('b', { relevance: 0.3 }, 60), fact('a', {}, 0)],
])('of two that do not both fit, %s is shown', (_, better, worse) => {
  expect(shown([worse, better], { budgetTokens: 20 })).toEqual(['b']);
  expect(shown([better, worse], { budgetTokens: 20 })).toEqual(['b']);
});

test('a long fact that does not fit gives way to a short one that does', () => {
  expect(shown([fact('x'.repeat(100), { confidence: 1 }), fact('short')], { budgetTokens: 30 })).toEqual(['short']);
});
