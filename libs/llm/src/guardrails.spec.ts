import { expect, test } from '@jest/globals';
import { sayable, storable } from './guardrails.js';

test.each([
  ['  Hello.  ', 'Hello.'],
  ['[Dana, staff] I take over.', 'I take over.'],
  ['[Dana, staff]: [Bob, staff] Hi.', 'Hi.'],
  ['Sure.\n[Dana Smith, Staff] Done.', 'Sure.\nDone.'],
  ['Our staff [all of them] are here.', 'Our staff [all of them] are here.'],
  ['[Price list] from 40', '[Price list] from 40'],
  ['one\n\n\n\n\ntwo', 'one\n\ntwo'],
  ['a\u0000b\u0007c\u009fd', 'abcd'],
  ['a\r\nb\rc\td', 'a\nb\nc\td'],
  ['<think>they want\nhours</think>\nWe open at 9.', 'We open at 9.'],
  ['<think>never closed', ''],
  ['half \ud83d of it', 'half \ufffd of it'],
  ['whole 😀 of it', 'whole 😀 of it'],
  ['[Dana, staff]', ''],
  [' \u0000\n ', ''],
])('%j is said as %j', (text, said) => {
  expect(sayable(text)).toBe(said);
});

test('what is stored keeps its words', () => {
  expect(storable('[Dana, staff] a\u0000b')).toBe('[Dana, staff] ab');
});
