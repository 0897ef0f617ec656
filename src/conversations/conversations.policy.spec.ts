import { expect, test } from '@jest/globals';
import { chosenIn } from './conversations.policy.js';

const offered = (...texts: string[]): { id: string; text: string }[] => texts.map((text) => ({ id: text, text }));
const times = offered('Today', 'Tomorrow', 'Never', 'd', 'e', 'f', 'g', 'h', 'i', 'j');

test.each([
  ['2', 'Tomorrow'], [' 2. ', 'Tomorrow'], ['(1)', 'Today'], ['10:', 'j'], ['0', null], ['11', null], ['100', null], ['2 please', null], ['at 9', null], ['', null],
  ['two', null],
])('%j chooses %j', (body, text) => {
  expect(chosenIn(body, times)?.text ?? null).toBe(text);
});

test.each([['2', '2'], ['3', '3'], ['1', null]])('among replies that are numbers, %j is %j and no place', (body, text) => {
  expect(chosenIn(body, offered('3', '2', '4'))?.text ?? null).toBe(text);
});
