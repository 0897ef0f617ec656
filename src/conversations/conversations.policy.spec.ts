import { expect, test } from '@jest/globals';
import { choiceIn } from './conversations.policy.js';

test.each([
  ['2', 1], [' 2. ', 1], ['(1)', 0], ['10:', 9], ['0', null], ['100', null], ['2 please', null], ['at 9', null], ['', null], ['two', null],
])('%j names the suggested reply %j', (body, place) => {
  expect(choiceIn(body)).toBe(place);
});
