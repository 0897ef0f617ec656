import { expect, test } from '@jest/globals';
import { voiceResponse } from './twiml.js';

test.each([
  ['\uFFFE\uFFFFFire', 'Fire'], ['half \uD83D', 'half '], ['\uDE00 half', ' half'], ['a\u0000b\u0008c\u007Fd', 'abcd'], ['two\nlines\t🌸 \u{1FFFE}', 'two\nlines\t🌸 \u{1FFFE}'], ['<Hangup/> & more', '&lt;Hangup/&gt; &amp; more'],
])('%j is said as %j, and never throws', (words, said) => {
  const response = voiceResponse();
  response.gather({ input: ['dtmf'] }).say({ language: 'en-US' }, words);
  expect(response.toString()).toContain(`<Say language="en-US">${said}</Say>`);
});

test('what is said first by Twilio itself stands in an attribute', () => {
  const response = voiceResponse();
  response.connect().conversationRelay({ url: 'wss://hub.test', welcomeGreeting: 'Hi \uFFFF\uD83DMaya' });
  expect(response.toString()).toContain('welcomeGreeting="Hi Maya"');
});
