import fs from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { Logger } from '@nestjs/common';
import { expect, jest, test } from '@jest/globals';
import { FixedClock } from '@throughline/kernel/clock.js';
import { type AppConfig, readEnvironment } from '../app.config.js';
import type { ChatSession } from '../visitors/visitors.types.js';
import { ChatLimits } from './chat.limits.js';

Logger.overrideLogger(false);

const limits = (clock = new FixedClock(), trustedProxies = ['loopback', '10.0.0.0/8']): ChatLimits => new ChatLimits(clock, { trustedProxies } as AppConfig, undefined as never);
const asked = (remoteAddress: string, forwarded?: string): IncomingMessage => (
  { socket: { remoteAddress }, connection: { remoteAddress }, headers: forwarded ? { 'x-forwarded-for': forwarded } : {} }) as unknown as IncomingMessage;
const session = { visitorId: 'maya' } as ChatSession;

test.each([
  ['a stranger who names somebody else', asked('203.0.113.7', '198.51.100.1'), '203.0.113.7'],
  ['one behind our proxy', asked('127.0.0.1', '198.51.100.1'), '198.51.100.1'],
  ['one behind two of ours, with a lie in front', asked('127.0.0.1', '192.0.2.99, 198.51.100.1, 10.0.0.3'), '198.51.100.1'],
  ['IPv4 in IPv6', asked('::ffff:203.0.113.7'), '203.0.113.7'],
  ['IPv6, of which the network counts', asked('2001:db8:1:2:3:4:5:6'), '2001:db8:1:2::/64'],
  ['the same in short', asked('2001:db8::1'), '2001:db8:0:0::/64'],
])('%s', (_who, request, ip) => {
  expect(limits().ipOf(request)).toBe(ip);
});

test('a visitor has a burst, then so many a second; others are not held up by it', () => {
  const clock = new FixedClock();
  const house = limits(clock);
  const taken = (): number => {
    for (let n = 0; ; n++) {
      try {
        house.call('198.51.100.1', session);
      } catch (error) {
        expect(error).toMatchObject({ kind: 'too_many', retryAfterMs: expect.any(Number) });
        return n;
      }
    }
  };
  expect(taken()).toBe(60);
  expect(() => house.call('198.51.100.1', { visitorId: 'sam' } as ChatSession)).not.toThrow();
  clock.forward(1_000);
  expect(taken()).toBe(10);
});

test('where the compose file starts the hub, a visitor is who the proxy of this machine says', () => {
  const [, shipped] = /TRUSTED_PROXIES: \$\{TRUSTED_PROXIES:-([^}]+)\}/.exec(fs.readFileSync('docker-compose.yml', 'utf8'))!;
  const { TRUSTED_PROXIES } = readEnvironment({ TRUSTED_PROXIES: shipped });
  expect(limits(undefined, TRUSTED_PROXIES).ipOf(asked('::ffff:172.18.0.1', '198.51.100.1'))).toBe('198.51.100.1');
});

test('a proxy that nobody has named is named in the log, once; one that is ours is not', () => {
  const said = jest.spyOn(Logger.prototype, 'warn').mockImplementation(() => undefined);
  const house = limits();
  for (const peer of ['127.0.0.1', '172.18.0.1', '172.18.0.1']) house.ipOf(asked(peer, '198.51.100.1'));
  house.ipOf(asked('172.18.0.9'));
  expect(said.mock.calls.map(([words]) => String(words))).toEqual([expect.stringMatching(/^X-Forwarded-For comes from 172\.18\.0\.1, .*TRUSTED_PROXIES/)]);
  said.mockRestore();
});
