import { expect, test } from '@jest/globals';
import { readFrame } from './relay-frames.js';

test.each([
  [{ type: 'text', token: 'Hi' }, { type: 'text', token: 'Hi', last: false }],
  [{ type: 'text', token: '', last: true, lang: 'es-ES', interruptible: 'none', preemptible: true }, { type: 'text', token: '', last: true, lang: 'es-ES', interruptible: 'none', preemptible: true }],
  [{ type: 'text', token: 'a', interruptible: true }, { type: 'text', token: 'a', last: false, interruptible: 'any' }],
  [{ type: 'play', source: 'https://x.test/a.mp3' }, { type: 'play', source: 'https://x.test/a.mp3', loop: 1, preemptible: false }],
  [{ type: 'play', source: 'https://x.test/a.mp3', loop: 0 }, { type: 'play', source: 'https://x.test/a.mp3', loop: 0, preemptible: false }],
  [{ type: 'sendDigits', digits: '12w#' }, { type: 'sendDigits', digits: '12w#' }],
  [{ type: 'language', ttsLanguage: 'de-DE' }, { type: 'language', ttsLanguage: 'de-DE' }],
  [{ type: 'end' }, { type: 'end' }],
  [{ type: 'end', handoffData: '{}' }, { type: 'end', handoffData: '{}' }],
])('%j is understood', (sent, read) => {
  expect(readFrame(JSON.stringify(sent))).toEqual(read);
});

test.each([
  'nonsense', '[]', 'null', '{}', '{"type":"constructor"}', '{"type":"hangup"}', '{"type":"text"}', '{"type":"text","token":null}', '{"type":"text","token":"a","last":"yes"}',
  '{"type":"play","source":"a.mp3"}', '{"type":"play","source":"https://x.test/a","loop":-1}', '{"type":"sendDigits","digits":"one"}', '{"type":"language"}', '{"type":"end","handoffData":{"a":1}}',
])('%s is not', (sent) => {
  expect(readFrame(sent)).toMatch(/^Invalid message received/);
});
