import { expect, test } from '@jest/globals';
import { offeredOn, wholeBody } from './buttons.policy.js';

const items = ['Yes', 'No'].map((text) => ({ id: text, text }));
const rules = { fits: (text: string): boolean => text.length <= 30, cost: (text: string): number => Math.ceil(text.length / 8) };

test.each([
  ['a channel that has them', 'Shall I?', { rules, showsButtons: () => true }, 'taps', 'Shall I?'],
  ['a channel that has them, but not these', 'Shall I?', { rules, showsButtons: () => false }, 'lines', 'Shall I?\n1: Yes\n2: No'],
  ['a channel without', 'Shall I?', { rules }, 'lines', 'Shall I?\n1: Yes\n2: No'],
  ['a text that would not fit with them', 'Shall I call you back today?', { rules }, undefined, 'Shall I call you back today?'],
])('%s', (_what, body, channel, as, whole) => {
  const buttons = offeredOn(channel, body, items);
  expect([buttons?.as, wholeBody({ body, buttons })]).toEqual([as, whole]);
});

test('numbers are not numbered', () => {
  const numbers = ['2', '3'].map((text) => ({ id: text, text }));
  expect(offeredOn({ rules }, 'How many?', numbers)).toBeNull();
  expect(offeredOn({ rules, showsButtons: () => true }, 'How many?', numbers)).toMatchObject({ as: 'taps' });
});

test('no suggestions, no lines', () => {
  expect(offeredOn({ rules, showsButtons: () => true }, 'Shall I?', [])).toBeNull();
});
