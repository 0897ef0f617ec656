import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { tapContent } from './content.policy.js';

const buttons = (...texts: string[]) => texts.map((text) => ({ id: `id of ${text}`, text }));
const YES_NO = buttons('Yes', 'No');

test('on WhatsApp up to three short replies are buttons; all words are in the places, none in the content', () => {
  expect(tapContent('whatsapp', 'Shall I book it?', YES_NO)).toEqual({
    shape: 'quick-reply/2/e', values: { 1: 'Shall I book it?', 2: 'Yes', 3: 'id of Yes', 4: 'No', 5: 'id of No' },
    types: { 'twilio/quick-reply': { body: '{{1}}', actions: [{ title: '{{2}}', id: '{{3}}' }, { title: '{{4}}', id: '{{5}}' }] } },
  });
});

test.each([
  ['more than three are a list', 'whatsapp', 'Which?', buttons('A', 'B', 'C', 'D'), 'list/4/e'],
  ['so are longer ones', 'whatsapp', 'Which?', buttons('x'.repeat(24), 'B'), 'list/2/e'],
  ['those that no list takes are left to the words', 'whatsapp', 'Which?', buttons('x'.repeat(25), 'B'), null],
  ['as are more than ten', 'whatsapp', 'Which?', buttons(...'ABCDEFGHIJK'), null],
  ['RCS has four on a card', 'rcs', 'Which?', buttons('A', 'B', 'C', 'D'), 'card/4/e'],
  ['and no more', 'rcs', 'Which?', buttons(...'ABCDE'), null],
  ['an SMS has none', 'sms', 'Which?', YES_NO, null],
  ['lines and paragraphs stay', 'whatsapp', 'We have:\n- Tuesday\n- Friday\n\nWhich?', YES_NO, 'quick-reply/2/nnpe'],
  ['a text that is too long has none', 'whatsapp', 'word '.repeat(205), YES_NO, null],
  ['nor one that cannot be cut', 'whatsapp', 'x'.repeat(256), YES_NO, null],
])('%s', (_what, channel, body, items, shape) => {
  expect(tapContent(channel, body, items)?.shape ?? null).toBe(shape);
});

test('RCS carries the same as numbered lines, for phones without it', () => {
  expect(tapContent('rcs', 'Shall I?', YES_NO)?.types).toMatchObject({ 'twilio/text': { body: '{{1}}\n1: {{2}}\n2: {{4}}' } });
});

test('whatever is said: no value is longer than Twilio takes or has a line break, and put together they are the words', () => {
  fc.assert(fc.property(fc.array(fc.constantFrom('word', 'a longer word', '\n', '\n\n', '“quoted”', '🌸', 'x'.repeat(90)), { minLength: 1, maxLength: 40 }), (parts) => {
    const body = parts.join(' ').trim();
    const content = tapContent('whatsapp', body, YES_NO);
    if (!content) return;
    const values = Object.values(content.values);
    expect(values.filter((value) => value.length > 255 || value.includes('\n'))).toEqual([]);
    const shown = (content.types['twilio/quick-reply'] as { body: string }).body.replace(/\{\{(\d+)\}\}/g, (_, place: string) => content.values[place]!);
    expect(shown.replace(/\s+/g, ' ')).toBe(body.replace(/\s+/g, ' '));
  }));
});
