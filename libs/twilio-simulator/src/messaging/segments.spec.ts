import { expect, test } from '@jest/globals';
import { segmentsOf } from './segments.js';

test.each<[string, string, 'GSM-7' | 'UCS-2', number]>([
  ['nothing', '', 'GSM-7', 1],
  ['160 letters', 'a'.repeat(160), 'GSM-7', 1],
  ['161 letters', 'a'.repeat(161), 'GSM-7', 2],
  ['two full parts', 'a'.repeat(306), 'GSM-7', 2],
  ['one letter over two parts', 'a'.repeat(307), 'GSM-7', 3],
  ['80 euro signs, two septets each', '€'.repeat(80), 'GSM-7', 1],
  ['81 euro signs', '€'.repeat(81), 'GSM-7', 2],
  [
    'an escape that would be cut in two moves to the next part whole', `${'a'.repeat(152)}€${'a'.repeat(152)}`, 'GSM-7',
    3,
  ],
  ['letters of the basic table', 'äöüßñéÅ@£¿', 'GSM-7', 1],
  ['70 Cyrillic letters', 'я'.repeat(70), 'UCS-2', 1],
  ['71 Cyrillic letters', 'я'.repeat(71), 'UCS-2', 2],
  ['one emoji turns the whole text', `${'a'.repeat(69)}👋`, 'UCS-2', 2],
  ['35 emoji of two units each', '👋'.repeat(35), 'UCS-2', 1],
  ['an emoji is not cut in two', `${'a'.repeat(66)}👋${'a'.repeat(66)}`, 'UCS-2', 3],
  ['a NUL byte is outside GSM-7', 'a\u0000', 'UCS-2', 1],
])('%s', (_, text, encoding, segments) => {
  expect(segmentsOf(text)).toEqual({ encoding, segments });
});
