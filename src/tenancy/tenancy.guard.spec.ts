import { createHmac } from 'node:crypto';
import type { ExecutionContext } from '@nestjs/common';
import { expect, test } from '@jest/globals';
import type { AppConfig } from '../app.config.js';
import { TwilioSignatureGuard } from './tenancy.guard.js';
import type { TenancyService } from './tenancy.service.js';

const ORIGIN = 'https://hub.example';
const PATH = '/webhooks/twilio/messaging';
const FORGED = `${'A'.repeat(27)}=`;
const TEXT = 'AccountSid=AC1&Body=Hello';

/** A webhook comes. @returns whether it is let in, and whose tokens were asked for: whoever has not read the form asks for none */
function comes(body: string, signature: string | undefined): { isIn: boolean; asked: string[] } {
  const asked: string[] = [];
  const tenancy = { authTokens: (account: string) => (asked.push(account), ['token']) } as unknown as TenancyService;
  const headers: Record<string, string | undefined> = { 'x-twilio-signature': signature, 'content-type': 'application/x-www-form-urlencoded' };
  const request = { body: Buffer.from(body), originalUrl: PATH, header: (name: string) => headers[name] };
  const context = { switchToHttp: () => ({ getRequest: () => request }) } as unknown as ExecutionContext;
  try {
    return { isIn: new TwilioSignatureGuard(tenancy, { publicBaseUrl: ORIGIN } as AppConfig).canActivate(context), asked };
  } catch {
    return { isIn: false, asked };
  }
}

test('a webhook that the account signed comes in, and one that it did not is read and refused', () => {
  const signature = createHmac('sha1', 'token').update(`${ORIGIN}${PATH}AccountSidAC1BodyHello`).digest('base64');
  expect(comes(TEXT, signature)).toEqual({ isIn: true, asked: ['AC1'] });
  expect(comes(TEXT, FORGED)).toEqual({ isIn: false, asked: ['AC1'] });
});

test.each([
  ['no signature', TEXT, undefined], ['an empty one', TEXT, ''], ['one that is too short', TEXT, 'AAAA'], ['one that is too long', TEXT, `A${FORGED}`], ['one that is no base64', TEXT, `${'*'.repeat(27)}=`],
  ['thousands of parameters', `${TEXT}${'&k=1'.repeat(35_000)}`, FORGED],
])('a webhook with %s is refused unread', (_what, body, signature) => {
  expect(comes(body, signature)).toEqual({ isIn: false, asked: [] });
});
