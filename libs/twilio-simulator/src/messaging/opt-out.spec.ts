import { expect, test } from '@jest/globals';
import { keywordOf } from './opt-out.js';

test.each(['STOP', 'stop', ' Stop\n', 'UNSUBSCRIBE', 'end', 'QUIT', 'stopall', 'REVOKE', 'OPTOUT', 'CANCEL'])('"%s" opts out', (body) => {
  expect(keywordOf(body)).toBe('STOP');
});

test.each(['START', 'yes', 'UNSTOP'])('"%s" opts in again', (body) => {
  expect(keywordOf(body)).toBe('START');
});

test.each(['HELP', 'info'])('"%s" asks for help', (body) => {
  expect(keywordOf(body)).toBe('HELP');
});

test.each(['', 'STOP.', 'please stop', 'STOP STOP', 'yes please', 'cancel my appointment', 'the end'])('"%s" is just a text', (body) => {
  expect(keywordOf(body)).toBeUndefined();
});
