import { expect, test } from '@jest/globals';
import type { Message } from '../conversations/conversations.types.js';
import { LONGEST_BODY, oldestWithin, omittedBefore, recentWithin, shortened } from './recall.policy.js';

const message = (seq: number, body: string, direction: Message['direction'] = 'inbound'): Message => ({
  id: `m${seq}`, tenantId: 't', conversationSid: 'CH1', seq, direction, authorKind: direction === 'inbound' ? 'contact' : 'system',
  author: 'a', channel: direction === 'internal' ? 'internal' : 'sms', address: null, sender: null, body, media: [], status: 'received',
  errorCode: null, providerSid: null, turnId: null, mirrorState: 'none', mirrorSid: null, createdAt: new Date(0),
});

/** One token a character, so that each message costs its length and 6 around it. */
const tokensOf = (text: string): number => text.length;
const seqs = (messages: Message[]): number[] => messages.map(({ seq }) => seq);

const thread = [message(1, 'aaaa'), message(2, 'bbbb'), message(3, 'cccc'), message(4, 'dddd')];

test.each([
  [40, [1, 2, 3, 4]],
  [39, [2, 3, 4]],
  [20, [3, 4]],
  [10, [4]],
  [0, [4]],
])('a budget of %i tokens holds the newest messages %j', (budget, expected) => {
  expect(seqs(recentWithin(thread, budget, tokensOf))).toEqual(expected);
});

test('everything since the newest question is kept whatever it costs', () => {
  const marked = [message(1, 'old'), message(2, 'x'.repeat(500)), message(3, 'Dana took over', 'internal'), message(4, 'Dana handed back', 'internal')];
  expect(seqs(recentWithin(marked, 30, tokensOf))).toEqual([2, 3, 4]);
});

test('a mark of a human stretch stays in its place', () => {
  const marked = [message(1, 'hi'), message(2, 'Dana took over', 'internal'), message(3, 'ok'), message(4, 'Dana handed back', 'internal'), message(5, 'so?')];
  expect(seqs(recentWithin(marked, 1_000, tokensOf))).toEqual([1, 2, 3, 4, 5]);
});

test('a large message in the past ends the window: there is never a gap', () => {
  const gap = [message(1, 'tiny'), message(2, 'x'.repeat(100)), message(3, 'tiny'), message(4, 'tiny')];
  expect(seqs(recentWithin(gap, 60, tokensOf))).toEqual([3, 4]);
});

test('an empty thread recalls nothing', () => {
  expect(recentWithin([], 100, tokensOf)).toEqual([]);
  expect(omittedBefore([])).toBeNull();
});

test('what is missing is named by the first seq that is there', () => {
  expect(omittedBefore(thread)).toBeNull();
  expect(omittedBefore(thread.slice(2))).toBe(3);
});

test.each([
  [40, [1, 2, 3, 4]],
  [25, [1, 2]],
  [1, [1]],
])('%i tokens fold the oldest messages %j', (budget, expected) => {
  expect(seqs(oldestWithin(thread, budget, tokensOf))).toEqual(expected);
});

test('a long body keeps its beginning and its end, and says what is missing', () => {
  const { body } = shortened(message(1, `begin ${'x'.repeat(50_000)} end`));
  expect(body.length).toBeLessThan(LONGEST_BODY);
  expect(body).toMatch(/^begin /);
  expect(body).toMatch(/ end$/);
  expect(body).toContain('[… 42510 characters left out …]');
});

test('a usual body is left alone', () => {
  const usual = message(1, 'x'.repeat(LONGEST_BODY));
  expect(shortened(usual)).toBe(usual);
});
