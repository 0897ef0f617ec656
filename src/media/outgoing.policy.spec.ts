import { expect, test } from '@jest/globals';
import type { Channel } from '../conversations/conversations.types.js';
import { disposition, filenameOf, type Sendable, whyNotSend } from './outgoing.policy.js';

const file = (contentType: string, size = 1, filename: string | null = null): Sendable => ({ contentType, size, filename });

test.each<[string, Channel, Sendable[], RegExp | null]>([
  ['a picture by MMS', 'sms', [file('image/png', 5_000_000)], null],
  ['a picture that is too large', 'sms', [file('image/png', 5_000_001, 'map.png')], /^map\.png is larger than the 5 MB that MMS takes for it\.$/],
  ['pictures that are too large together', 'sms', [file('image/png', 3_000_000), file('image/png', 3_000_000)], /^Together the files are larger than the 5 MB that MMS takes\.$/],
  ['a letter by MMS', 'sms', [file('application/msword', 1, 'a.doc')], /^a\.doc is application\/msword, and MMS takes pictures, sound/],
  ['eleven pictures', 'sms', Array.from({ length: 11 }, () => file('image/png')), /^MMS takes at most 10 files/],
  ['a film on WhatsApp', 'whatsapp', [file('video/mp4', 16_000_000)], null],
  ['a large picture on WhatsApp', 'whatsapp', [file('image/jpeg', 5_000_001)], /^File 1 is larger than the 5 MB that WhatsApp/],
  ['a moving picture on WhatsApp', 'whatsapp', [file('image/gif')], /^File 1 is image\/gif, and WhatsApp takes JPEG and PNG/],
  ['a sticker, which has rules of its own', 'whatsapp', [file('image/webp')], /WhatsApp takes/],
  ['a voice message', 'whatsapp', [file('audio/ogg; codecs=opus')], null],
  ['a table', 'whatsapp', [file('application/vnd.openxmlformats-officedocument.spreadsheetml.sheet')], null],
  ['a picture by RCS', 'rcs', [file('image/gif', 16_000_000)], null],
  ['sound by RCS', 'rcs', [file('audio/mpeg')], /RCS takes/],
  ['a table in the chat', 'chat', [file('text/csv', 16_000_000)], null],
  ['a picture by phone', 'voice', [file('image/png')], /^Nothing can be attached/],
])('%s', (_what, channel, files, why) => {
  const said = whyNotSend(channel, files);
  if (why === null) expect(said).toBeNull();
  else expect(said).toMatch(why);
});

test.each([
  ['map.png', 'map.png'], ['../../etc/passwd', 'passwd'], ['C:\\Users\\dana\\map.png', 'map.png'], ['a"b\r\nSet-Cookie: x.png', 'abSet-Cookie x.png'], ['Wegbeschreibung für Zoë.pdf', 'Wegbeschreibung für Zoë.pdf'],
  ['..', null], ['', null], [undefined, null], ['\u202Egnp.exe', 'gnp.exe'],
])('%j is called %j', (said, name) => {
  expect(filenameOf(said)).toBe(name);
});

test('a header says the name to everybody', () => {
  expect([disposition('inline', null), disposition('attachment', 'Weg für Zoë.pdf'), disposition('inline', '地図')]).toEqual([
    'inline', `attachment; filename="WegfurZoe.pdf"; filename*=UTF-8''Weg%20f%C3%BCr%20Zo%C3%AB.pdf`, `inline; filename="file"; filename*=UTF-8''%E5%9C%B0%E5%9B%B3`,
  ]);
});
