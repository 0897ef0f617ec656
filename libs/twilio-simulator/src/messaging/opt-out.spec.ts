import { expect, test } from '@jest/globals';
import { keywordOf } from './opt-out.js';

const STOPS = ['STOP', 'stop', ' Stop\n', 'UNSUBSCRIBE', 'end', 'QUIT', 'stopall', 'REVOKE', 'OPTOUT', 'CANCEL'];
const TEXTS = ['', 'STOP.', 'please stop', 'STOP STOP', 'yes please', 'cancel my appointment', 'the end'];

test.each(STOPS)('"%s" opts out', (body) => {
  expect(keywordOf(body)).toBe('STOP');
});

test.each(['START', 'yes', 'UNSTOP'])('"%s" opts in again', (body) => {
  expect(keywordOf(body)).toBe('START');
});

test.each(['HELP', 'info'])('"%s" asks for help', (body) => {
  expect(keywordOf(body)).toBe('HELP');
});

test.each(TEXTS)('"%s" is just a text', (body) => {
  expect(keywordOf(body)).toBeUndefined();
});
