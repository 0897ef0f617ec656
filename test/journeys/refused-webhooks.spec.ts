import http from 'node:http';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';
import { post, signed, textFrom, type Webhook } from '../harness/webhook.js';

const SECONDARY = 'f'.repeat(32);
const PATH = '/webhooks/twilio/messaging';
let house: House;
beforeAll(async () => {
  house = await openHouse({ environment: { TWILIO_AUTH_TOKEN_SECONDARY: SECONDARY } });
});
afterAll(() => house.close());

let texts = 0;
const webhook = (token?: string, changes: Record<string, string> = {}): Webhook =>
  signed(house, PATH, { ...textFrom(house, '+15550003333', '+15550100001', 'Hello', `SM${String(++texts).padStart(32, '0')}`), ...changes }, token);

const stored = (): Promise<unknown[]> => house.database.query('select provider_sid from inbox union all select provider_sid from messages');

async function refusals(): Promise<number> {
  const metrics = await (await fetch(`${house.url}/metrics`)).text();
  return [...metrics.matchAll(/^throughline_webhook_signatures_refused_total\{.*\} (\d+)$/gm)].reduce((sum, [, count]) => sum + Number(count), 0);
}

test.each<[string, () => Webhook]>([
  ['no signature', () => ({ ...webhook(), signature: null })],
  ['a signature that is not one', () => ({ ...webhook(), signature: 'AAAA' })],
  ['the signature of another token', () => webhook('0'.repeat(32))],
  ['a word changed on the way', () => ({ ...webhook(), params: { ...webhook().params, Body: 'Hello!' } })],
  ['the signature of another address', () => ({ ...webhook(), url: `${house.url}/webhooks/twilio/conversations` })],
  ['another account, rightly signed by it', () => webhook('1'.repeat(32), { AccountSid: `AC${'1'.repeat(32)}` })],
])('a webhook with %s gets a bare 403, is counted, and leaves no trace', async (_what, forged) => {
  const before = await refusals();
  expect(await post(forged())).toBe(403);
  expect(await refusals()).toBe(before + 1);
  expect(await stored()).toEqual([]);
});

test.each([
  ['JSON', 'application/json', '{"Body":"Hello"}', 403],
  ['garbage', 'application/x-www-form-urlencoded', '%%%\u0000&&==', 403],
  ['nothing', 'text/plain', '', 403],
  ['300 kB', 'application/x-www-form-urlencoded', `Body=${'x'.repeat(300_000)}`, 413],
])('a body of %s is refused and leaves no trace', async (_what, type, body, status) => {
  const answer = await fetch(house.url + PATH, { method: 'POST', body, headers: { 'Content-Type': type, 'X-Twilio-Signature': 'AAAA' } });
  expect([answer.status, await answer.json()]).toMatchObject([status, { type: 'about:blank', status }]);
  expect(await stored()).toEqual([]);
});

test.each(['http://elsewhere.example', 'http://127.0.0.1:1'])('a webhook asked for by the whole address %s is refused', async (where) => {
  const { params, signature } = webhook();
  const status = await new Promise((resolve, reject) => {
    const headers = { 'Content-Type': 'application/x-www-form-urlencoded', 'X-Twilio-Signature': signature! };
    const request = http.request(house.url, { method: 'POST', path: where + PATH, headers }, (answer) => resolve(answer.resume().statusCode));
    request.on('error', reject).end(new URLSearchParams(params as Record<string, string>).toString());
  });
  expect(status).toBe(403);
});

test('metrics name the routes of the house, and never an address that somebody made up', async () => {
  for (const path of ['/webhooks/made-up-1', '/webhooks/twilio/made-up-2?a=b', '/WEBHOOKS/Twilio/MESSAGING', '/webhooks/twilio/messaging/']) {
    await (await fetch(house.url + path, { method: 'POST', body: 'a=b' })).arrayBuffer();
    await (await fetch(house.url + path)).arrayBuffer();
  }
  const metrics = await (await fetch(`${house.url}/metrics`)).text();
  const labels = new Set([...metrics.matchAll(/^throughline_webhook\w*\{.*\bpath="([^"]*)"/gm)].map(([, path]) => path!));
  expect([...labels].sort()).toEqual(['/webhooks/twilio/conversations', PATH, 'other']);
});

test('rightly signed but not what Twilio sends: 400 naming the parameter', async () => {
  const { url, params, signature } = webhook(undefined, { MessageSid: 'hello' });
  const answer = await fetch(url, { method: 'POST', body: new URLSearchParams(params as Record<string, string>), headers: { 'X-Twilio-Signature': signature! } });
  expect([answer.status, await answer.json()]).toMatchObject([400, { errors: [{ path: 'MessageSid' }] }]);
  expect(await stored()).toEqual([]);
});

test('during a rotation the secondary token signs as well', async () => {
  const customer = house.customer('+15550003333');
  expect(await post(webhook(SECONDARY))).toBe(200);
  await customer.expectsSms(/./);
  await house.expectQuiet();
});
