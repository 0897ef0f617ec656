import { expect, test } from '@jest/globals';
import { fits, hashOf, isEasy } from './pin.policy.js';

test.each(['000000', '123456', '654321', '987654321', '890123', '210987'])('%s is tried first', (pin) => {
  expect(isEasy(pin)).toBe(true);
});

test.each(['402917', '112233', '135791', '121212'])('%s is not', (pin) => {
  expect(isEasy(pin)).toBe(false);
});

test('a PIN fits what is kept of it and no other does; what is kept differs each time, and a row that is not one of ours fits nothing', async () => {
  const [one, two] = await Promise.all([hashOf(Buffer.from('402917')), hashOf(Buffer.from('402917'))]);
  expect(one).not.toBe(two);
  expect(await Promise.all([one, two].map((kept) => fits(Buffer.from('402917'), kept)))).toEqual([true, true]);
  expect(await Promise.all(['', 's1', one.replace('s1', 's0'), one.slice(0, -4)].map((kept) => fits(Buffer.from('402917'), kept)))).toEqual([false, false, false, false]);
  expect(await fits(Buffer.from('402918'), one)).toBe(false);
});
