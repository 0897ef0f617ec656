import { expect, test } from '@jest/globals';
import { mirroredText, mirrorPieces } from './mirror.policy.js';

test.each([
  ['nothing', ''],
  ['the longest that fits', 'x'.repeat(1_600)],
  ['one word without end', 'x'.repeat(4_000)],
  ['words', 'some words and '.repeat(300)],
  ['lines', 'a line\n'.repeat(500)],
  ['emoji at the cut', `${'x'.repeat(1_599)}👍${'y'.repeat(100)}`],
])('%s: pieces that fit, and together are the body', (_what, body) => {
  const pieces = mirrorPieces(body);
  expect(pieces.join('')).toBe(body);
  expect(pieces.every((piece) => piece.length <= 1_600 && !/\p{Surrogate}/u.test(piece))).toBe(true);
});

test('the cut is between words where there are some', () => {
  expect(mirrorPieces('word '.repeat(400)).every((piece) => piece.startsWith('word') && piece.endsWith(' '))).toBe(true);
});

test('a message without words of its own says in ours what it is', () => {
  const details = { words: ['in answer to: "Where?"', 'sent a location: Home'] };
  expect([mirroredText({ body: 'Here', details }), mirroredText({ body: '', details }), mirroredText({ body: '' })])
    .toEqual(['Here', '[in answer to: "Where?"]\n[sent a location: Home]', '']);
});
