import { expect, test } from '@jest/globals';
import { isForModels, isShownInPlace, typeOf } from './media.policy.js';

test.each([
  ['a picture', 'image/png', 'image/png', 'image/png'],
  ['a picture under a wrong name', 'image/png', 'image/jpeg', 'image/png'],
  ['a program under a picture\'s name', 'application/x-msdownload', 'image/jpeg', null],
  ['a page under a picture\'s name', undefined, 'image/jpeg', null],
  ['a page', undefined, 'text/html', null],
  ['a drawing that may run scripts', 'image/svg+xml', 'image/svg+xml', null],
  ['the same, said and not seen', undefined, 'image/svg+xml', null],
  ['a script', undefined, 'text/javascript', null],
  ['a contact card', undefined, 'text/vcard', 'text/vcard'],
  ['an invitation', undefined, 'Text/Calendar', 'text/calendar'],
  ['a note in an alphabet that it names', undefined, 'text/plain; charset=UTF-8', 'text/plain'],
  ['a letter', 'application/pdf', 'application/octet-stream', 'application/pdf'],
  ['a spreadsheet', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', 'application/zip', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  ['an archive', 'application/zip', 'application/zip', null],
  ['a voice message', 'audio/ogg', 'audio/ogg; codecs=opus', 'audio/ogg'],
])('%s', (_what, detected, declared, type) => {
  expect(typeOf(detected, declared)).toBe(type);
});

test.each([['image/png', true], ['audio/mpeg', true], ['video/mp4', true], ['application/pdf', false], ['text/vcard', false], ['image/heic', false]])(
  '%s is shown in place: %s', (type, shown) => expect(isShownInPlace(type)).toBe(shown),
);

test('models see pictures of some kinds and of no great size', () => {
  expect([isForModels('image/webp', 5_000_000), isForModels('image/webp', 5_000_001), isForModels('image/heic', 1), isForModels('audio/ogg', 1)])
    .toEqual([true, false, false, false]);
});
