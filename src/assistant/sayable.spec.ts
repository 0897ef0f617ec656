import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sayableSoFar } from './sayable.js';

test.each([
  ['We open at **eight**.', 'We open at eight.'],
  ['<think>what do they want</think>Good morning.', 'Good morning.'],
  ['Hello <thinking>never closed', 'Hello'],
  ['Hi <think>x</think> there', 'Hi there'],
  ['one\n\n**two** three', 'one two three'],
  ['5 * 3 - 2', '5 3 - 2'],
  ['**bold**word', 'boldword'],
  ['a <b', 'a <b'],
  ['[Dana, staff] I will call you.', 'I will call you.'],
  ['See [our page](https://example.test).', 'See our page.'],
  ['- first\n- second', 'first second'],
  ['a < b and [not a link] here', 'a < b and [not a link] here'],
  ['Hi\u0000 there', 'Hi there'],
])('of %j is said %j', (text, said) => {
  expect(sayableSoFar(text, true)).toBe(said);
});

const pieces = fc.array(fc.constantFrom('Hello', ' there', '<think>', '</think>', '[Dana, staff] ', '[a](http://b)', '**', '\n- ', ' <', '>', '[', ']', '(', ')', '\n', ' 1.5 ', '😀', 'x'), { maxLength: 12 });

test('what was said of a growing answer is never taken back', () => {
  fc.assert(fc.property(pieces, (parts) => {
    const whole = parts.join('');
    let before = '';
    for (let end = 0; end <= whole.length; end++) {
      const now = sayableSoFar(whole.slice(0, end), end === whole.length);
      expect([now, now.startsWith(before)]).toEqual([now, true]);
      before = now;
    }
  }), { numRuns: 1_000 });
});
