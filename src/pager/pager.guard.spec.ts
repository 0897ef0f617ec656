import type { ExecutionContext } from '@nestjs/common';
import { expect, test } from '@jest/globals';
import { FixedClock } from '@throughline/kernel/clock.js';
import type { AppConfig } from '../app.config.js';
import { LinkGuard, LinkRefused } from './pager.guard.js';
import { PAGE_HEADERS } from './pager.page.js';

/** @returns 200, or the status with which it is refused */
function opens(guard: LinkGuard, token: string, { ip = '203.0.113.1', method = 'GET', site }: { ip?: string; method?: string; site?: string } = {}): number {
  const request = { params: { token }, method, header: (name: string) => (name === 'sec-fetch-site' ? site : undefined), headers: {}, socket: { remoteAddress: ip }, connection: { remoteAddress: ip } };
  const headers: unknown[] = [];
  const context = { switchToHttp: () => ({ getRequest: () => request, getResponse: () => ({ set: (each: unknown) => headers.push(each) }) }) } as unknown as ExecutionContext;
  try {
    guard.canActivate(context);
    return 200;
  } catch (error) {
    return (error as LinkRefused).status;
  } finally {
    // Whatever becomes of it, a browser knows what it may do with the page.
    expect(headers).toEqual([PAGE_HEADERS]);
  }
}
const guarded = (clock = new FixedClock()): LinkGuard => new LinkGuard(clock, { trustedProxies: [] as string[] } as AppConfig);

test('a link has a burst, then one a second; so has whoever tries links, known or not; others are not held up', () => {
  const clock = new FixedClock();
  const guard = guarded(clock);
  const many = (times: number, open: (n: number) => number): number => Array.from({ length: times }, (_, n) => open(n)).filter((status) => status === 200).length;
  expect(many(40, () => opens(guard, 'a'))).toBe(20);
  clock.forward(5_000);
  expect(many(40, () => opens(guard, 'a', { ip: '203.0.113.2' }))).toBe(5);
  expect(many(100, (n) => opens(guard, `guess ${n}`, { ip: '203.0.113.3' }))).toBe(60);
  expect(opens(guard, 'b', { ip: '203.0.113.4' })).toBe(200);
});

test.each([['same-origin', 200], ['none', 200], [undefined, 200], ['same-site', 403], ['cross-site', 403]])('a form that comes from %s is answered with %d', (site, status) => {
  expect(opens(guarded(), 'a', { method: 'POST', ...(site ? { site } : {}) })).toBe(status);
  expect(opens(guarded(), 'a', site ? { site } : {})).toBe(200);
});
