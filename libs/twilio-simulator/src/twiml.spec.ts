import { expect, test } from '@jest/globals';
import { readDocument, TwimlProblem, type Verb } from './twiml.js';

const read = (body: string, contentType = 'text/xml') => readDocument({ body, contentType, isCut: false });
const shape = ({ name, text, children }: Verb): unknown => (children.length === 0 ? [name, text] : [name, text, children.map(shape)]);

test.each<[string, string, unknown[]]>([
  ['an empty document', '<Response/>', []],
  ['a declaration and a comment', '<?xml version="1.0" encoding="UTF-8"?>\n<!-- x --><Response><!-- <Say>no</Say> --><Hangup/></Response>\n', [['Hangup', '']]],
  ['entities and CDATA', '<Response><Say>a &amp; b &#128075;<![CDATA[ <c>]]></Say></Response>', [['Say', 'a & b 👋 <c>']]],
  ['nested verbs', '<Response><Gather>\n<Say>one</Say><Pause/>\n</Gather><Redirect>/x</Redirect></Response>', [['Gather', '', [['Say', 'one'], ['Pause', '']]], ['Redirect', '/x']]],
])('%s', (_, body, expected) => {
  expect(read(body).map(shape)).toEqual(expected);
});

test('plain text is said', () => expect(read('Good morning', 'text/plain; charset=utf-8').map(shape)).toEqual([['Say', 'Good morning']]));

test('attributes are unescaped', () => {
  expect(read('<Response><Gather action="/a?b=1&amp;c=2" numDigits=\'1\'/></Response>')[0]?.attributes).toEqual({ action: '/a?b=1&c=2', numDigits: '1' });
});

test.each([
  ['a document that ends too early', 12100, { body: '<Response><Say>x' }],
  ['a tag closed by another', 12100, { body: '<Response><Say>x</Play></Response>' }],
  ['an entity that is not declared', 12100, { body: '<Response><Say>&nbsp;</Say></Response>' }],
  ['another document', 12100, { body: '<html/>' }],
  ['nothing', 12100, { body: '' }],
  ['two roots', 12100, { body: '<Response/><Response/>' }],
  ['JSON', 12300, { body: '{}', contentType: 'application/json' }],
  ['more than 64 kB', 11750, { isCut: true }],
])('%s is error %i', (_, code, answered) => {
  const asked = () => readDocument({ body: '<Response/>', contentType: 'text/xml', isCut: false, ...answered });
  expect(asked).toThrow(TwimlProblem);
  expect(asked).toThrow(expect.objectContaining({ code }));
});
