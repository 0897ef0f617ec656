import { expect, test } from '@jest/globals';
import { checkReach, listenAddress, type TwilioPlayer } from './app.reach.js';

const HERE = 'http://127.0.0.1:3000';
const OUTSIDE = 'https://hub.example.com';

const refusal = (player: TwilioPlayer, publicUrl?: string, apiOrigin?: string): string | null => {
  try {
    checkReach({ PUBLIC_BASE_URL: publicUrl, TWILIO_API_ORIGIN: apiOrigin, LISTEN_ADDRESS: undefined }, player);
    return null;
  } catch (error) {
    return (error as Error).message;
  }
};

test.each<[TwilioPlayer, string?, string?]>([
  ['own simulator'], ['own simulator', HERE], ['their simulator', HERE, 'http://127.0.0.1:4010'], ['their simulator', undefined, 'http://127.0.0.1:4010'],
  ['twilio', OUTSIDE], ['twilio', OUTSIDE, 'https://proxy.example.com'], ['twilio', HERE, 'http://127.0.0.1:4010'],
])('%s may start', (...setting) => {
  expect(refusal(...setting)).toBeNull();
});

test.each<[TwilioPlayer, RegExp, string?, string?]>([
  ['own simulator', /^PUBLIC_BASE_URL is https:\/\/hub\.example\.com,[^]*Set TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN/, OUTSIDE],
  ['their simulator', /^PUBLIC_BASE_URL is [^]*or remove PUBLIC_BASE_URL/, OUTSIDE, 'http://127.0.0.1:4010'],
  ['own simulator', /^PUBLIC_BASE_URL is http:\/\/0\.0\.0\.0/, 'http://0.0.0.0:3000'],
  ['twilio', /^PUBLIC_BASE_URL is missing[^]*Set it to the https address/],
  ['twilio', /^PUBLIC_BASE_URL is missing/, undefined, 'http://127.0.0.1:4010'],
  ['twilio', /^PUBLIC_BASE_URL is http:\/\/127\.0\.0\.1:3000, which Twilio cannot reach/, HERE],
  ['twilio', /which Twilio cannot reach/, HERE, 'https://proxy.example.com'],
])('%s is refused with %s', (player, message, ...at) => {
  expect(refusal(player, ...at)).toMatch(message);
});

test('only a hub of the real Twilio listens on all addresses by itself', () => {
  const asked = { PUBLIC_BASE_URL: HERE, TWILIO_API_ORIGIN: undefined, LISTEN_ADDRESS: undefined };
  expect(listenAddress(asked, 'own simulator')).toBe('127.0.0.1');
  expect(listenAddress(asked, 'their simulator')).toBe('127.0.0.1');
  expect(listenAddress(asked, 'twilio')).toBe('0.0.0.0');
  expect(listenAddress({ ...asked, LISTEN_ADDRESS: '0.0.0.0' }, 'own simulator')).toBe('0.0.0.0');
});
