import { expect, test } from '@jest/globals';
import { optOutKeyword } from './optout.policy.js';

const heard = (channel: string, body: string, more: { optOutType?: string; optedOut?: boolean } = {}): string | undefined =>
  optOutKeyword({ channel, body, optOutType: more.optOutType }, more.optedOut ?? false, true)?.keyword;

test.each(['sms', 'rcs'])('on %s the carriers\' words are Twilio\'s, which confirms them', (channel) => {
  for (const word of ['STOP', ' unsubscribe ', 'End', 'QUIT', 'stopall', 'revoke', 'optout', 'cancel']) expect([word, heard(channel, word)]).toEqual([word, 'stop']);
  for (const word of ['START', 'unstop']) expect([word, heard(channel, word)]).toEqual([word, 'start']);
  for (const word of ['help', 'Info']) expect([word, heard(channel, word)]).toEqual([word, 'help']);
  expect([heard(channel, 'yes'), heard(channel, 'yes', { optedOut: true })]).toEqual([undefined, 'start']);
  expect(optOutKeyword({ channel, body: 'STOP' }, false, true)?.confirmation).toBeNull();
});

test('on WhatsApp only STOP and START are, and we confirm them ourselves', () => {
  for (const word of ['help', 'info', 'cancel', 'end', 'quit', 'yes', 'unsubscribe', 'Stop it!']) expect([word, heard('whatsapp', word)]).toEqual([word, undefined]);
  expect(optOutKeyword({ channel: 'whatsapp', body: ' Stop ' }, false, true)).toMatchObject({ keyword: 'stop', confirmation: expect.any(String) });
  expect(optOutKeyword({ channel: 'whatsapp', body: 'stop' }, true, true)).toEqual({ keyword: 'stop', confirmation: null });
  expect(heard('whatsapp', 'start')).toBeUndefined();
  expect(optOutKeyword({ channel: 'whatsapp', body: 'start' }, true, true)).toMatchObject({ keyword: 'start', confirmation: expect.any(String) });
});

test('in mails so is unsubscribe', () => {
  for (const word of ['STOP', 'Unsubscribe']) expect(optOutKeyword({ channel: 'email', body: word }, false, true)).toMatchObject({ keyword: 'stop', confirmation: expect.any(String) });
  for (const word of ['help', 'cancel', 'yes']) expect([word, heard('email', word, { optedOut: true })]).toEqual([word, undefined]);
});

test('a START that anybody may have sent changes nothing, and says so; a STOP does', () => {
  expect(optOutKeyword({ channel: 'email', body: 'START' }, true, false)).toEqual({ keyword: 'start', confirmation: null, unheard: expect.stringContaining('anybody') });
  expect(optOutKeyword({ channel: 'email', body: 'STOP' }, false, false)).toEqual(optOutKeyword({ channel: 'email', body: 'STOP' }, false, true));
});

test('what Twilio has made of a message counts on every channel, and is confirmed by Twilio', () => {
  for (const channel of ['sms', 'whatsapp', 'rcs']) {
    expect(optOutKeyword({ channel, body: 'arrêt', optOutType: 'STOP' }, false, true)).toEqual({ keyword: 'stop', confirmation: null });
  }
});

test('elsewhere words are words', () => {
  for (const channel of ['chat', 'voice']) for (const word of ['stop', 'help', 'cancel']) expect(heard(channel, word, { optedOut: true })).toBeUndefined();
});
