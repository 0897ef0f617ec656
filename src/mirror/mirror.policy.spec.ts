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

test('a message without words of its own says in ours what it is, and each names its files', () => {
  const [details, media] = [{ words: ['in answer to: "Where?"', 'sent a location: Home'] }, [{ url: 'upload:1', contentType: 'image/png' }, { url: 'upload:2', contentType: 'application/pdf' }]];
  expect([{ body: 'Here', details, media: [] }, { body: '', details, media: [] }, { body: '', media: [] }, { body: '', media }, { body: 'Look', media: media.slice(1) }].map(mirroredText))
    .toEqual(['Here', '[in answer to: "Where?"]\n[sent a location: Home]', '', '[attached: image/png, application/pdf]', 'Look\n[attached: application/pdf]']);
});
