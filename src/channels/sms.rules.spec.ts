import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SegmentedMessage } from 'sms-segments-calculator';
import { smsRules } from './sms.rules.js';

const measured = (text: string): number => new SegmentedMessage(text, 'auto').segmentsCount;

const signs = [...'abc XYZ 0189 .,;:!?@#$%&()*+-/<=>_\'"\n'];
const odd = [...'^{}\\[~]|`\r\t€äßéÑΔ’–日🙂', '👩‍👩‍👧‍👦', 'e\u0301', '\r\n'];

test('a text that is measured by its length has as many segments as one that is taken apart', () => {
  const plain = fc.array(fc.constantFrom(...signs), { minLength: 0, maxLength: 1_600 }).map((all) => all.join(''));
  fc.assert(fc.property(plain, (text) => smsRules.cost(text) === measured(text)), { numRuns: 40 });
  for (const length of [0, 69, 70, 71, 159, 160, 161, 306, 307, 459, 460, 1_530, 1_531]) {
    for (const sign of ['a', '\n', '€', 'ä', '日', '\r\n']) expect([sign, length, smsRules.cost(sign.repeat(length))]).toEqual([sign, length, measured(sign.repeat(length))]);
  }
});

test('so does a text with any other sign in it', () => {
  const mixed = fc.array(fc.oneof({ weight: 20, arbitrary: fc.constantFrom(...signs) }, { weight: 1, arbitrary: fc.constantFrom(...odd) }), { minLength: 0, maxLength: 300 }).map((all) => all.join(''));
  fc.assert(fc.property(mixed, (text) => smsRules.cost(text) === measured(text)), { numRuns: 100 });
});

test('every ASCII sign counts as the calculator counts it', () => {
  for (let code = 0; code < 128; code++) {
    const text = String.fromCharCode(code).repeat(161);
    expect([code, smsRules.cost(text)]).toEqual([code, measured(text)]);
  }
});

test('ten segments and 1,600 characters are the most that go as one', () => {
  const fits = (text: string): boolean => smsRules.fits(text);
  expect([fits('a'.repeat(1_530)), fits('a'.repeat(1_531)), fits('日'.repeat(670)), fits('日'.repeat(671))]).toEqual([true, false, true, false]);
});
