import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { channels } from '../conversations/conversations.types.js';
import { dressed, styleOf } from './style.policy.js';

test.each([
  ['plain words', 'We open at 8:00, see you then!', 'We open at 8:00, see you then!', 'We open at 8:00, see you then!'],
  ['bold', 'We open at **8:00** sharp.', 'We open at 8:00 sharp.', 'We open at *8:00* sharp.'],
  ['both kinds of italics', 'That is *very* _kind_.', 'That is very kind.', 'That is _very_ _kind_.'],
  ['struck out', '~~90~~ 60 dollars', '90 60 dollars', '~90~ 60 dollars'],
  ['a heading', '## Prices\nA visit is 90.', 'Prices\nA visit is 90.', '*Prices*\nA visit is 90.'],
  ['bullets', 'Bring:\n\n* your card\n* **cash**', 'Bring:\n\n- your card\n- cash', 'Bring:\n\n- your card\n- *cash*'],
  ['numbers', '1. Call us\n2. Come by\n\nDone.', '1. Call us\n2. Come by\n\nDone.', '1. Call us\n2. Come by\n\nDone.'],
  ['a list that starts later', '3. *third*\n4. fourth', '3. third\n4. fourth', '3. _third_\n4. fourth'],
  ['a number that is none of a list', '1. Call us\n42. *floor*', '1. Call us\n42. floor', '1. Call us\n42. _floor_'],
  ['a link with a name', 'See [our page](https://elm.example/a_b).', 'See our page (https://elm.example/a_b).', 'See our page (https://elm.example/a_b).'],
  ['a link that names itself', '[https://elm.example](https://elm.example)', 'https://elm.example', 'https://elm.example'],
  ['a link as it is', 'See https://elm.example/a_b_c?d=*e* now', 'See https://elm.example/a_b_c?d=*e* now', 'See https://elm.example/a_b_c?d=*e* now'],
  ['a mail address', 'Write to [us](mailto:hi@elm.example)', 'Write to us (hi@elm.example)', 'Write to us (hi@elm.example)'],
  ['a code', 'Say `A-12_3`.', 'Say A-12_3.', 'Say A-12_3.'],
  ['a block of code', '```\nA-1\n```', 'A-1', 'A-1'],
  ['a quotation', '> as you said\n\nYes.', 'as you said\n\nYes.', 'as you said\n\nYes.'],
  ['a table', '| day | hours |\n| --- | --- |\n| Monday | **8-18** |', 'day, hours\nMonday, 8-18', 'day, hours\nMonday, *8-18*'],
  ['a rule', 'One\n\n---\n\nTwo', 'One\n\nTwo', 'One\n\nTwo'],
  ['lines of their own', 'Elm Clinic\n12 Mill Lane *(back door)*\nSpringfield', 'Elm Clinic\n12 Mill Lane (back door)\nSpringfield', 'Elm Clinic\n12 Mill Lane _(back door)_\nSpringfield'],
  ['stars that mark nothing', '2 * 3 = 6, ** and __', '2 * 3 = 6, ** and __', '2 * 3 = 6, ** and __'],
  ['names with underscores', 'my_file_name.pdf [see]', 'my_file_name.pdf [see]', 'my_file_name.pdf [see]'],
  ['a heart and an arrow', 'We <3 you -> always > ever [x]', 'We <3 you -> always > ever [x]', 'We <3 you -> always > ever [x]'],
  ['an escaped star', 'Rated 5\\* by _you_', 'Rated 5* by you', 'Rated 5* by _you_'],
  ['signs of other languages', '¿Abrís *mañana*? 😀 <b>no</b>', '¿Abrís mañana? 😀 <b>no</b>', '¿Abrís _mañana_? 😀 <b>no</b>'],
])('%s', (_what, said, sms, whatsapp) => {
  expect([dressed(said, 'sms'), dressed(said, 'rcs'), dressed(said, 'whatsapp')]).toEqual([sms, sms, whatsapp]);
  expect([dressed(said, 'chat'), dressed(said, 'email')]).toEqual([said, said]);
});

test('words without a mark are left to the letter', () => {
  fc.assert(fc.property(fc.string({ unit: 'grapheme' }).filter((text) => !/[*_`#[\]>|~]|^-{3,}\s*$/m.test(text)), (text) => {
    for (const channel of channels) expect(dressed(text, channel)).toBe(text);
  }));
});

test('no letter or digit is lost, whatever marks are around it', () => {
  const piece = fc.constantFrom('word', ' ', '*', '**', '_', '`', '#', '> ', '- ', '1. ', '\n', '\n\n', '[', ']', '(', ')', '~~', '|', '\\', '<', '42');
  // Behind three backticks stands the name of a language, which nobody misses.
  fc.assert(fc.property(fc.array(piece, { maxLength: 25 }).filter((pieces) => !pieces.join('').includes('```')), (pieces) => {
    const count = (text: string): number => text.match(/word|42/g)?.length ?? 0;
    expect(count(dressed(pieces.join(''), 'sms'))).toBeGreaterThanOrEqual(count(pieces.join('')));
  }), { numRuns: 10_000 });
});

test('each channel has a style; who has no channel yet is answered as by SMS', () => {
  for (const channel of channels) expect(styleOf(channel).longest).toBeGreaterThan(100);
  expect(styleOf(null)).toBe(styleOf('sms'));
});
