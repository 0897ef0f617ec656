import { expect, test } from '@jest/globals';
import { onlyCustomer, sameWords } from './adoption.policy.js';

const anna = { address: '+15551230001', proxyAddress: '+15550100001' };
const boris = { address: '+15551230002', proxyAddress: '+15550100001' };
const colleague = { address: null, proxyAddress: null };
const ourSideOfAGroup = { address: '+15551230001', proxyAddress: null };

test.each([
  ['one texting person', [anna], anna],
  ['two people behind a masked number', [anna, boris], null],
  ['a colleague has joined', [anna, colleague], null],
  ['chat alone', [colleague], null],
  ['a group', [ourSideOfAGroup], null],
  ['nobody', [], null],
])('%s', (_who, participants, customer) => {
  expect(onlyCustomer(participants)).toEqual(customer);
});

test('a message with media alone has the same words in both records: none', () => {
  expect([sameWords(null, ''), sameWords('Hello ', 'Hello'), sameWords('Hello', '')]).toEqual([true, true, false]);
});
