import { expect, test } from '@jest/globals';
import { joinedBy } from './assistant.policy.js';

const CLOSED = 'https://hub.example.test/connect?engine=vapi#rc=5&rp=all';

test('behind what Vapi does, Twilio asks us what next', () => {
  const twiml = '<?xml version="1.0" encoding="UTF-8"?>\n<Response><Connect><Stream url="wss://vapi.example.test/x"/></Connect></Response>\n';
  expect(joinedBy(twiml, CLOSED)).toBe(
    '<?xml version="1.0" encoding="UTF-8"?><Response><Connect><Stream url="wss://vapi.example.test/x"/></Connect><Redirect method="POST">https://hub.example.test/connect?engine=vapi#rc=5&amp;rp=all</Redirect></Response>',
  );
});

test.each(['', 'Please hold.', '<Response/>', '<Response><Say>No</Say></Response>', '<html><Response><Connect/></Response></html>', '<Response><Connect>'])('what brings nobody anywhere is refused: %s', (twiml) => {
  expect(joinedBy(twiml, CLOSED)).toBeNull();
});
