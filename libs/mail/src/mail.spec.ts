import { expect, test } from '@jest/globals';
import { normalAddress } from './mail.js';

test.each([
  ['Ada@EXAMPLE.test', 'ada@example.test'], ['ada@bücher.example', 'ada@xn--bcher-kva.example'], ['a+b@x.test', 'a+b@x.test'], ['a@b@x.test', null], ['ada', null], ['@x.test', null],
  ['ada@', null], ['ada@x.test/y', null], ['ada@x.test:25', null], ['a\nb@x.test', null], [`${'a'.repeat(65)}@x.test`, null],
])('%j is kept as %j', (text, kept) => {
  expect(normalAddress(text)).toBe(kept);
});
