import { expect, test } from '@jest/globals';
import { csvLine } from './csv.js';

test('text is quoted, null is empty, and what would be a formula is text; numbers with a sign are none', () => {
  expect(csvLine(['a "b", c', '', null, 3, false])).toBe('"a ""b"", c","",,3,false\r\n');
  expect(csvLine(['=1+1', '@sum', '\tx', '\rx', '-x', '+1x', '+1', '-1', 'a=1'])).toBe(`"'=1+1","'@sum","'\tx","'\rx","'-x","'+1x","+1","-1","a=1"\r\n`);
});
