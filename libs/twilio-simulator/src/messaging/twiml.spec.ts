import { expect, test } from '@jest/globals';
import { readTwiml } from './twiml.js';

const bodies = (xml: string): string[] => readTwiml(xml, 'text/xml').messages.map((one) => one.body);

test.each<[string, string, string[]]>([
  ['nothing', '', []],
  ['an empty response', '<Response/>', []],
  ['an empty response with a declaration', '<?xml version="1.0" encoding="UTF-8"?>\n<Response></Response>\n', []],
  ['a message', '<Response><Message>hi</Message></Response>', ['hi']],
  ['entities', '<Response><Message>a &amp; b &lt;c&gt; &#128075; &#x1F44B;</Message></Response>', ['a & b <c> 👋 👋']],
  ['CDATA', '<Response><Message><Body><![CDATA[a < b & c]]></Body></Message></Response>', ['a < b & c']],
  ['a comment is not a message', '<Response><!-- <Message>no</Message> --><Message>yes</Message></Response>', ['yes']],
  ['two messages, one of the old name', '<Response><Message>one</Message><Sms>two</Sms></Response>', ['one', 'two']],
])('%s', (_, xml, expected) => {
  expect(bodies(xml)).toEqual(expected);
});

test('a message carries media, addresses and a callback', () => {
  const message = '<Message to="+15550001" from=\'+15550002\' action="/status?a=1&amp;b=2">';
  const xml = `<Response>${message}<Body>x</Body><Media>https://e.com/a.jpg</Media></Message></Response>`;
  expect(readTwiml(xml, 'application/xml').messages).toEqual([
    {
      body: 'x', mediaUrls: ['https://e.com/a.jpg'], to: '+15550001', from: '+15550002',
      statusCallback: '/status?a=1&b=2',
    },
  ]);
});

test.each([
  ['broken XML', '<Response><Message>x', 'text/xml', /^12100/],
  ['another document', '<html></html>', 'text/html', /^12100/],
  ['JSON', '{"ok":true}', 'application/json', /^12300/],
])('%s is an error of ours', (_, body, type, message) => {
  expect(() => readTwiml(body, type)).toThrow(message);
});
