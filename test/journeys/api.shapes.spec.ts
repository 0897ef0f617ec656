import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

interface Problem {
  status: number;
  code: string;
  errors?: { path: string; message: string }[];
}

const problem = async (answer: Promise<Response> | Response): Promise<Problem> => {
  const { status, headers } = await answer;
  expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
  const body = (await (await answer).json()) as Problem;
  expect(body).toMatchObject({ type: 'about:blank', title: expect.any(String), status, code: expect.any(String) });
  return body;
};
const refusedFields = async (path: string, body: unknown, method = 'POST'): Promise<string[]> => {
  const { status, errors } = await problem(house.call(path, { method, body }));
  expect(status).toBe(400);
  return errors!.map((error) => error.path).sort();
};
const post = (body: string | Uint8Array, headers: Record<string, string>): Promise<Response> =>
  fetch(`${house.url}/api/v1/senders`, { method: 'POST', headers: { Authorization: `Bearer ${house.adminToken}`, ...headers }, body: body as string });

test('each field that is wrong, missing or unknown is named', async () => {
  expect(await refusedFields('/senders', { channel: 'fax', colour: 'red', label: '' })).toEqual(['address', 'channel', 'colour', 'label']);
  expect(await refusedFields('/senders', { channel: 'whatsapp', address: 'whatsapp:+15550100001' })).toEqual(['address']);
  expect(await refusedFields('/tenants', { name: ' ', settings: { timeZone: 'Mars', assistant: { mood: 'good' }, quietMs: { sms: -1 } } }))
    .toEqual(['name', 'settings.assistant.mood', 'settings.quietMs.sms', 'settings.timeZone']);
  expect(await refusedFields('/tenant', [], 'PATCH')).toEqual(['body']);
  expect(await refusedFields('/tenants', { name: 'a\0b' })).toEqual(['body']);
  expect((await problem(house.call('/deliveries?state=lost&limit=201&page=2'))).errors!.map(({ path }) => path).sort()).toEqual(['limit', 'page', 'state']);
});

test('what is no JSON, or too much of it, is refused before anything is done', async () => {
  const json = { 'Content-Type': 'application/json' };
  const named = `{"channel":"sms","address":"+15550100099","label":"${'x'.repeat(300_000)}"}`;
  expect(await problem(post('{"channel":', json))).toMatchObject({ status: 400, code: 'bad_request' });
  expect(await problem(post('channel=sms', { 'Content-Type': 'application/x-www-form-urlencoded' }))).toMatchObject({ status: 400, errors: [{ path: 'body' }] });
  expect(await problem(post(named, json))).toMatchObject({ status: 413 });
  expect(await problem(post(`{"label":${'['.repeat(100_000)}${']'.repeat(100_000)}}`, json))).toMatchObject({ status: 400, errors: [{ path: 'body' }] });
  expect(await problem(post('{}', { ...json, 'Content-Encoding': 'gzip' }))).toMatchObject({ status: 400 });
  expect(await house.database.query(`select 1 from senders where address = '+15550100099'`)).toEqual([]);
});

test('an address of the API that does not exist is a problem too', async () => {
  expect(await problem(house.call('/incantations'))).toMatchObject({ status: 404, code: 'not_found' });
  expect(await problem(house.call('/tenants', { method: 'DELETE' }))).toMatchObject({ status: 404 });
  expect(await problem(house.call('/conversations/%00'))).toMatchObject({ status: 400 });
  expect(await problem(house.call('/contacts/%ff'))).toMatchObject({ status: 400 });
  expect(await problem(house.call('/contacts/1'))).toMatchObject({ status: 404 });
});

test('a change of settings leaves the others as they are, and null goes back to the default', async () => {
  const change = (settings: unknown): Promise<{ settings: Record<string, unknown> }> => house.api('/tenant', { method: 'PATCH', body: { settings } });
  await change({ businessName: 'Riverside', assistant: { name: 'Robin', prompts: { system: 'Be kind.' } }, quietMs: { sms: 500 } });
  const { settings } = await change({ assistant: { enabled: false, prompts: null }, quietMs: { whatsapp: 700 }, businessName: null });
  expect(settings).toMatchObject({ assistant: { name: 'Robin', enabled: false, prompts: {} }, quietMs: { sms: 500, whatsapp: 700 }, timeZone: 'UTC' });
  expect(settings).not.toHaveProperty('businessName');
});

test('the template for WhatsApp is taken as a whole, and only with a place for the reply', async () => {
  const set = (reopenTemplate: unknown): Promise<Response> => house.call('/tenant', { method: 'PATCH', body: { settings: { whatsapp: { reopenTemplate } } } });
  const present = async () => (await house.api<{ settings: { whatsapp: unknown } }>('/tenant')).settings.whatsapp;
  const [one, other] = [`HX${'1'.repeat(32)}`, `HX${'2'.repeat(32)}`];
  const wrong = [
    { contentSid: 'SM1', variables: { 1: 'reply' } }, { contentSid: one, variables: { 1: 'firstName' } }, { contentSid: one, variables: { 1: 'reply', 2: 'lastName' } },
    { contentSid: one, variables: { 'a place': 'reply' } }, { contentSid: one }, { variables: { 1: 'reply' } },
  ];
  for (const template of wrong) expect(await problem(set(template))).toMatchObject({ status: 400 });
  expect(await present()).toEqual({});
  await set({ contentSid: one, variables: { 1: 'firstName', 2: 'reply' } });
  await set({ contentSid: other, variables: { 1: 'reply' } });
  expect(await present()).toEqual({ reopenTemplate: { contentSid: other, variables: { 1: 'reply' } } });
  await set(null);
  expect(await present()).toEqual({});
});

test('an idle connection is kept for longer than a proxy in front keeps it', async () => {
  expect((await fetch(`${house.url}/healthz`)).headers.get('keep-alive')).toBe('timeout=75');
});
