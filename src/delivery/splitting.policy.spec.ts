import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { FileRules } from './delivery.types.js';
import { withFiles } from './splitting.policy.js';

const files = (...types: string[]): { contentType: string }[] => types.map((contentType) => ({ contentType }));
const MMS: FileRules = { atOnce: 10, besideWords: () => true };
const WHATSAPP: FileRules = { atOnce: 1, besideWords: (contentType) => contentType === 'image/png' };
const RCS: FileRules = { atOnce: 1, besideWords: () => false };

test.each([
  ['words alone', ['Hi'], [], MMS, ['Hi []']],
  ['nothing at all', [''], [], MMS, [' []']],
  ['pictures by MMS, with the words', ['Hi'], ['image/png', 'image/gif'], MMS, ['Hi [0,1]']],
  ['pictures by MMS, with the first of many words', ['Hi', 'there'], ['image/png'], MMS, ['Hi [0]', 'there []']],
  ['pictures without a word', [''], ['image/png', 'image/gif'], MMS, [' [0,1]']],
  ['a picture on WhatsApp', ['Hi'], ['image/png'], WHATSAPP, ['Hi [0]']],
  ['two pictures on WhatsApp', ['Hi'], ['image/png', 'image/png'], WHATSAPP, ['Hi [0]', ' [1]']],
  ['a letter on WhatsApp, which takes no words in the same message', ['Hi'], ['application/pdf', 'image/png'], WHATSAPP, ['Hi []', ' [0]', ' [1]']],
  ['two pictures without a word on WhatsApp', [''], ['image/png', 'image/png'], WHATSAPP, [' [0]', ' [1]']],
  ['a picture by RCS', ['Hi'], ['image/png'], RCS, ['Hi []', ' [0]']],
])('%s', (_what, bodies, types, rules, parts) => {
  expect(withFiles(bodies, files(...types), rules).map((part) => `${part.body} ${JSON.stringify(part.files)}`)).toEqual(parts);
});

test('every word and every file goes once, in order', () => {
  fc.assert(fc.property(
    fc.array(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 4 }), fc.array(fc.constantFrom('image/png', 'application/pdf'), { maxLength: 10 }),
    fc.constantFrom(MMS, WHATSAPP, RCS), (bodies, types, rules) => {
      const parts = withFiles(bodies, files(...types), rules);
      expect(parts.map(({ body }) => body).filter(Boolean)).toEqual(bodies);
      expect(parts.flatMap((part) => part.files)).toEqual(types.map((_, position) => position));
      expect(parts.every((part) => part.body !== '' || part.files.length > 0)).toBe(true);
      expect(Math.max(...parts.map((part) => part.files.length))).toBeLessThanOrEqual(rules.atOnce);
    },
  ));
});
