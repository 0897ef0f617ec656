import http from 'node:http';
import net from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { TwilioAccount } from './account.js';
import { createTwilioClient } from './client.js';
import { type ErrorClass, type TwilioFailure, twilioFailure } from './errors.js';

const SID = 'AC0123456789abcdef0123456789abcdef';
const credentials = { accountSid: SID, authToken: 'secret' };

/** A server that answers as it is told, and remembers what it was asked. */
let answer: (response: http.ServerResponse) => void;
let seen: { method?: string | undefined; url?: string | undefined; headers: http.IncomingHttpHeaders; body: string }[] = [];
let origin: string;
const server = http.createServer((request, response) => {
  let body = '';
  request.on('data', (chunk: Buffer) => (body += chunk.toString()));
  request.on('end', () => {
    seen.push({ method: request.method, url: request.url, headers: request.headers, body });
    answer(response);
  });
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`;
});
afterEach(() => {
  seen = [];
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

const json = (status: number, body: unknown, headers: Record<string, string> = {}) => (response: http.ServerResponse): void => {
  response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));
};
const problem = (status: number, code: number, headers: Record<string, string> = {}) => json(status, { code, message: 'No.', status }, headers);

const client = (timeoutMs?: number) => createTwilioClient({ credentials, apiOrigin: origin, ...(timeoutMs ? { timeoutMs } : {}) });
const failureOf = (call: Promise<unknown>): Promise<TwilioFailure> => call.then(() => Promise.reject(new Error('the call succeeded')), twilioFailure);
const text = { to: '+15551230001', from: '+15550000001', body: 'Hello' };

test('a call goes to the given origin, its path unchanged, with the real host in a header', async () => {
  answer = json(201, { sid: `SM${SID.slice(2)}` });
  expect((await client().messages.create(text)).sid).toBe(`SM${SID.slice(2)}`);
  expect(seen).toEqual([expect.objectContaining({ method: 'POST', url: `/2010-04-01/Accounts/${SID}/Messages.json` })]);
  expect(seen[0]!.headers).toMatchObject({
    'x-twilio-host': 'api.twilio.com', authorization: `Basic ${Buffer.from(`${SID}:secret`).toString('base64')}`,
  });
  expect(Object.fromEntries(new URLSearchParams(seen[0]!.body))).toEqual({ To: text.to, From: text.from, Body: 'Hello' });
});

test('every product of Twilio goes there, told apart by the header, its query unchanged', async () => {
  answer = json(200, { conversations: [], meta: { key: 'conversations' } });
  await client().conversations.v1.conversations.list({ limit: 1, startDate: '2026-01-05' });
  expect(seen[0]).toMatchObject({ method: 'GET', url: '/v1/Conversations?StartDate=2026-01-05&PageSize=1' });
  expect(seen[0]!.headers['x-twilio-host']).toBe('conversations.twilio.com');
});

test('an API key signs in where there is one', async () => {
  answer = json(200, { messages: [] });
  await createTwilioClient({ credentials: { ...credentials, apiKey: 'SKkey', apiSecret: 'hush' }, apiOrigin: origin }).messages.list({ limit: 1 });
  expect(seen[0]!.headers.authorization).toBe(`Basic ${Buffer.from('SKkey:hush').toString('base64')}`);
  expect(seen[0]!.url).toContain(SID);
});

test.each(['https://api.twilio.com.example.org/x', 'https://eviltwilio.com/x', 'http://127.0.0.1:1/x', 'https://example.org/?api.twilio.com'])(
  'a call to %s is not made, with or without another origin', async (uri) => {
    const { hostname } = new URL(uri);
    for (const apiOrigin of [origin, undefined]) {
      const asked = createTwilioClient({ credentials, apiOrigin });
      await expect(asked.request({ method: 'get', uri })).rejects.toThrow(`${hostname} is not a Twilio host; the call to /x was not made.`.replace('/x', new URL(uri).pathname));
    }
    expect(seen).toEqual([]);
  },
);

test.each<[string, () => void, { code: string; errorClass: ErrorClass; retryAfterMs?: number; httpStatus?: number }]>([
  ['a refusal', () => (answer = problem(400, 21610)), { code: 'twilio_21610', errorClass: 'opt_out', httpStatus: 400 }],
  ['too many requests', () => (answer = problem(429, 20429, { 'Retry-After': '3' })), { code: 'twilio_20429', errorClass: 'retry', retryAfterMs: 3_000, httpStatus: 429 }],
  ['too many requests, in HTML', () => (answer = (response) => response.writeHead(429).end('<h1>slow down</h1>')), { code: 'twilio_20429', errorClass: 'retry', httpStatus: 429 }],
  ['an internal error', () => (answer = problem(500, 20500)), { code: 'twilio_20500', errorClass: 'ask', httpStatus: 500 }],
  ['a gateway\'s error in HTML', () => (answer = (response) => response.writeHead(502).end('<h1>bad gateway</h1>')), { code: 'twilio_502', errorClass: 'ask', httpStatus: 502 }],
  ['silence', () => (answer = () => undefined), { code: 'twilio_unreachable', errorClass: 'ask' }],
  ['a connection that breaks before the answer', () => (answer = (response) => response.destroy()), { code: 'twilio_unreachable', errorClass: 'ask' }],
  ['an answer that breaks off', () => (answer = (response) => {
    response.writeHead(201, { 'Content-Length': '1000' }).write('{"sid":');
    setImmediate(() => response.destroy());
  }), { code: 'twilio_unreachable', errorClass: 'ask' }],
])('%s', async (_, arrange, expected) => {
  arrange();
  const failure = await failureOf(client(300).messages.create(text));
  expect(failure).toMatchObject(expected);
  expect(failure.retryAfterMs).toBe(expected.retryAfterMs);
});

test('an answer that is no answer of Twilio, though its status says all is well, leaves the outcome open', async () => {
  answer = (response) => response.writeHead(200).end('<h1>Sign in to the hotel network</h1>');
  const failure = await failureOf(client(300).messages.create(text));
  expect(failure).toMatchObject({ errorClass: 'ask', retryable: true });
});

test('where nobody listens, nothing was sent', async () => {
  const probe = net.createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as net.AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  const asked = createTwilioClient({ credentials, apiOrigin: `http://127.0.0.1:${port}` });
  const failure = await failureOf(asked.messages.create(text));
  expect(failure).toMatchObject({ errorClass: 'retry', code: 'twilio_unreachable', retryable: true });
});

test.each([[undefined, '/v1/Conversations/CHx'], ['ISservice', '/v1/Services/ISservice/Conversations/CHx']])(
  'with the Conversations service %s a Conversation is at %s', async (service, path) => {
    answer = json(200, { sid: 'CHx' });
    const account = new TwilioAccount({ credentials, apiOrigin: origin }, service, undefined);
    expect((await account.conversations.get('CHx').fetch()).sid).toBe('CHx');
    expect(seen[0]!.url).toBe(path);
  },
);
