import { expect, test } from '@jest/globals';
import { belongsToOthers } from './conversations-webhook.policy.js';

const OURS = 'https://hub.example.com/webhooks/twilio/conversations';

test.each([
  ['no webhook', null, false], ['an empty one', '', false], ['our own', OURS, false], ['our own, with overrides', `${OURS}#rc=3`, false],
  ['one that a start without an address outside left behind', 'http://127.0.0.1:3000/webhooks/twilio/conversations', false],
  ["another hub's", 'https://other.example.com/webhooks/twilio/conversations', true], ['the same host without TLS', OURS.replace('https', 'http'), true],
  ['another program behind our host', 'https://hub.example.com/elsewhere', true], ['Flex', 'https://webhooks.twilio.com/v1/Accounts/AC/Flex', true],
  ['no URL at all', 'hub.example.com', true],
])('%s belongs to others: %j', (_, present, expected) => {
  expect(belongsToOthers(present, OURS)).toBe(expected);
});
