import { expect, test } from '@jest/globals';
import { LONGEST_PASSAGE, passagesOf } from './passages.policy.js';

test('a short page is one passage', () => {
  expect(passagesOf('We are open\nfrom 8 to 18.\r\n\r\nSundays closed.')).toEqual([{ heading: '', body: 'We are open\nfrom 8 to 18.\n\nSundays closed.' }]);
});

test('each heading begins a passage and carries those above it', () => {
  expect(passagesOf('Intro\n# Visits\n## Fees ##\n90 dollars\n\n60 later\n## Parking\nBehind the house\n# Results\nTwo days')).toEqual([
    { heading: '', body: 'Intro' }, { heading: 'Visits › Fees', body: '90 dollars\n\n60 later' },
    { heading: 'Visits › Parking', body: 'Behind the house' }, { heading: 'Results', body: 'Two days' },
  ]);
});

test('a long section is cut between paragraphs, a long paragraph between sentences', () => {
  const paragraphs = passagesOf([1, 2, 3].map((n) => `${n} ${'word '.repeat(110)}`).join('\n\n'));
  expect(paragraphs.map(({ body }) => body[0])).toEqual(['1', '3']);
  const sentences = passagesOf('This is one sentence of many. '.repeat(100));
  expect(sentences.length).toBeGreaterThan(2);
  expect(sentences.every(({ body }) => body.endsWith('many.') && body.length <= LONGEST_PASSAGE)).toBe(true);
});

test.each([['x'.repeat(5_000)], ['😀'.repeat(2_000)], [`# H\n${'a b! '.repeat(3_000)}`], ['.'.repeat(3_000)]])('nothing is lost of %.20s…, and no character is cut', (text) => {
  const bodies = passagesOf(text).map(({ body }) => body);
  const letters = (all: string): string => all.replace(/[\s#H]/g, '');
  expect(letters(bodies.join(''))).toBe(letters(text));
  expect(bodies.every((body) => !/\p{Surrogate}/u.test(body) && [...body].length <= LONGEST_PASSAGE)).toBe(true);
});

test.each(['', '\n\n', '# Only a heading'])('%j has no passages', (text) => {
  expect(passagesOf(text)).toEqual([]);
});

test.each([['## Fees ##', 'Fees'], ['# C #', 'C'], ['# No. #1', 'No. #1'], ['# # ##', '#'], ['# ###', '#']])('%j is headed %j', (line, heading) => {
  expect(passagesOf(`${line}\nText`)).toEqual([{ heading, body: 'Text' }]);
});

test.each([['blanks', ' '], ['marks', '#'], ['both', '# ']])('a line of 60,000 %s, as long as a page may be, is read in one go', (_what, filling) => {
  const long = filling.repeat(60_000 / filling.length);
  expect(passagesOf(`# a${long}b\u2028c\nText`).map(({ body }) => body)).toEqual(['Text']);
  expect(passagesOf(`#${long}a\u2028c\nText`).at(-1)!.body).toMatch(/Text$/);
});
