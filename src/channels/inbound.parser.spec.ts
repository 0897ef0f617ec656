import { expect, test } from '@jest/globals';
import { attachedTypes } from './inbound.parser.js';

test.each([
  ['nothing attached', undefined, []],
  ['an empty list', '[]', []],
  ['a photo and a form', '[{"Sid":"ME1","ContentType":"image/jpeg","Filename":"a.jpg","Size":1},{"MediaSid":"ME2","ContentType":"application/pdf"}]', ['image/jpeg', 'application/pdf']],
  ['one without a type', '[{"Sid":"ME1"}]', ['application/octet-stream']],
  ['something else than a list', 'ME1', ['application/octet-stream']],
])('attachments of a message in a Conversation: %s', (_what, media, types) => {
  expect(attachedTypes(media)).toEqual(types);
});
