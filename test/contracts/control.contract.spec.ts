import http from 'node:http';
import { beforeEach, expect, test } from '@jest/globals';
import { ANNA, FRONT_DESK, house, useHouse } from './contract-house.js';

useHouse((origin) => Promise.resolve(origin));

let origin: string;
beforeEach(() => {
  ({ origin } = house().twilio);
});

/** The control API as the page of phones speaks it. */
async function ask(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${origin}/_control/${path}`, {
    method, ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: await response.json() };
}

test('a phone is made, texts, and is seen', async () => {
  expect(await ask('POST', 'phones', { address: ANNA, name: 'Anna', outcome: 'read' })).toMatchObject({
    status: 200, body: { name: 'Anna', outcome: 'read', messages: [] },
  });
  const texted = await ask('POST', 'messages', { from: ANNA, to: FRONT_DESK, body: 'hi' });
  expect(texted.body).toEqual({ messageSid: expect.stringMatching(/^SM/) });
  expect(await ask('GET', 'idle?wait=2000')).toMatchObject({ body: { idle: true } });
  expect(await ask('GET', `phones/${encodeURIComponent(ANNA)}`)).toMatchObject({
    body: { messages: [{ direction: 'sent', body: 'hi', peer: FRONT_DESK }] },
  });
  expect((await ask('GET', 'phones')).body).toHaveLength(1);
  expect((await ask('GET', 'webhooks?since=0')).body).toMatchObject([{
    event: 'messaging', status: 200, attempt: 1, signature: expect.any(String),
  }]);
  expect((await ask('GET', 'state')).body).toMatchObject({ phones: [{ address: ANNA }], messages: [{ body: 'hi' }] });
});

test('a person types into a conversation', async () => {
  const { sid } = await house().client.conversations.v1.conversations.create({ uniqueName: 'here' });
  expect(await ask('POST', `conversations/${sid}/messages`, { author: 'staff', body: 'x', join: false })).toMatchObject({ status: 403, body: { code: 50430 } });
  await ask('POST', `conversations/${sid}/messages`, { author: 'staff', body: 'hello' });
  expect(await ask('GET', `conversations/${sid}`)).toMatchObject({ body: {
    uniqueName: 'here', participants: [{ identity: 'staff' }], messages: [{ index: 0, author: 'staff', body: 'hello' }],
  } });
  expect((await ask('GET', 'conversations')).body).toHaveLength(1);
});

test('numbers, faults, switches and the clock are set, and refused in words where they make no sense', async () => {
  expect((await ask('POST', 'numbers', { accountSid: house().client.accountSid, phoneNumber: '+15550100009' })).body).toMatchObject({ phoneNumber: '+15550100009' });
  const fault = await ask('POST', 'faults', { kind: '429', times: 0 });
  expect((await ask('GET', 'faults')).body).toMatchObject([{ kind: '429', hits: 0 }]);
  await ask('DELETE', `faults/${(fault.body as { id: string }).id}`);
  expect((await ask('GET', 'faults')).body).toEqual([]);
  expect(await ask('POST', 'faults', { kind: 'meteor' })).toMatchObject({
    status: 400, body: { error: expect.stringContaining('no fault "meteor"') },
  });
  expect((await ask('POST', 'switches', { closedStatus: 409 })).body).toMatchObject({ closedStatus: 409 });
  expect(await ask('POST', 'switches', { closedStatus: 'x' })).toMatchObject({ status: 400 });
  const before = Date.parse(((await ask('GET', 'clock')).body as { now: string }).now);
  const after = Date.parse(((await ask('POST', 'clock', { forward: '15m' })).body as { now: string }).now);
  expect(after - before).toBeGreaterThanOrEqual(15 * 60_000);
  expect(await ask('POST', 'messages', { from: ANNA, to: '+15559999999', body: 'x' })).toMatchObject({
    status: 400, body: { error: expect.stringContaining('not one of our numbers') },
  });
  expect((await ask('GET', 'nowhere')).status).toBe(404);
});

test.each([
  ['messages', { from: ANNA }, 'to'],
  ['phones', {}, 'address'],
  ['numbers', { accountSid: 'AC' }, 'phoneNumber'],
  ['faults', {}, 'kind'],
  ['clock', {}, 'forward'],
])('a body for %s that lacks something is told what', async (path, body, missing) => {
  expect(await ask('POST', path, body)).toEqual({ status: 400, body: { error: `The body needs "${missing}"` } });
});

test('a page on this machine may use it, a page from elsewhere may not', async () => {
  const texts = { method: 'POST', body: JSON.stringify({ from: ANNA, to: FRONT_DESK, body: 'hi' }) };
  const asked = async (page: string, init: RequestInit): Promise<[number, string | null]> => {
    const answer = await fetch(`${origin}/_control/${init.method ? 'messages' : 'phones'}`, { ...init, headers: { origin: page } });
    return [answer.status, answer.headers.get('access-control-allow-origin')];
  };
  for (const page of ['http://localhost:3000', 'http://127.0.0.1', 'http://[::1]:3000']) expect(await asked(page, {})).toEqual([200, page]);
  for (const page of ['https://example.com', 'http://localhost.example.com', 'null']) {
    expect([await asked(page, {}), await asked(page, texts)]).toEqual([[403, null], [403, null]]);
  }
  expect((await ask('GET', 'phones')).body).toEqual([]);
});

test('nobody may use it under another name for this machine', async () => {
  const statusAs = (host: string): Promise<number | undefined> => new Promise((resolve, reject) => {
    http.get(`${origin}/_control/state`, { headers: { host } }, (answer) => resolve(answer.resume().statusCode)).on('error', reject);
  });
  for (const host of ['rebound.example', '127.0.0.1.rebound.example:4010', 'a b']) expect([host, await statusAs(host)]).toEqual([host, 403]);
  expect(await statusAs('localhost:4010')).toBe(200);
});

test.each(['/_control/messages', '/2010-04-01/Accounts/AC/Messages.json'])('a body of two megabytes for %s is refused, and nothing else suffers', async (path) => {
  const answer = await fetch(origin + path, { method: 'POST', body: 'x'.repeat(2_000_000) });
  expect([answer.status, await answer.json()]).toEqual([413, { status: 413, message: expect.stringContaining('larger than') }]);
  expect((await ask('GET', 'phones')).status).toBe(200);
});

test('events are streamed, one name and one object each', async () => {
  const stop = new AbortController();
  const response = await fetch(`${origin}/_control/events`, { signal: stop.signal });
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  await ask('POST', 'messages', { from: ANNA, to: FRONT_DESK, body: 'hi' });
  let seen = '';
  while (!seen.includes('event: webhook')) seen += (await reader.read()).value ?? '';
  stop.abort();
  expect(seen).toMatch(/event: message\ndata: \{.*"body":"hi".*\}\n\n/);
});

test('a reset forgets all but accounts and numbers, and the defaults keep their sids', async () => {
  const { client } = house();
  const before = await client.conversations.v1.configuration().fetch();
  await client.conversations.v1.conversations.create({ uniqueName: 'gone' });
  await ask('POST', 'reset');
  expect(await client.conversations.v1.conversations.list()).toEqual([]);
  expect((await client.conversations.v1.configuration().fetch()).defaultChatServiceSid).toBe(before.defaultChatServiceSid);
  expect((await ask('GET', 'numbers')).body).toHaveLength(3);
  expect((await ask('GET', 'requests?since=0')).body).toHaveLength(2);
});
