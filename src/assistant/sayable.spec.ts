import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { sayableSoFar } from './sayable.js';

test.each([
  ['We open at **eight**.', 'We open at eight.'],
  ['<think>what do they want</think>Good morning.', 'Good morning.'],
  ['Hello <thinking>never closed', 'Hello '],
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
      expect(now.startsWith(before.trimEnd()) || before.startsWith(now)).toBe(true);
      if (now.length > before.length) before = now;
    }
  }), { numRuns: 300 });
});
