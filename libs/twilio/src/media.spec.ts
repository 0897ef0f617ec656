import { once } from 'node:events';
import http, { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { TwilioMedia } from './media.js';

const ACCOUNT = `AC${'1'.repeat(32)}`;
const ADDRESS = `https://api.twilio.com/2010-04-01/Accounts/${ACCOUNT}/Messages/MM1/Media/ME1`;
const FILE = Buffer.from('a file');

let server: Server;
let media: TwilioMedia;
let origin: string;
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let asked: { url: string; authorization: string | undefined; host: string | undefined }[];

beforeAll(async () => {
  server = http.createServer((request, response) => {
    asked.push({ url: request.url!, authorization: request.headers.authorization, host: request.headers['x-twilio-host'] as string | undefined });
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  media = new TwilioMedia({ credentials: { accountSid: ACCOUNT, authToken: 'secret' }, apiOrigin: origin });
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  asked = [];
  answer = (_request, response) => response.setHeader('Content-Type', 'Image/PNG; q=1').end(FILE);
});

const leadTo = (location: string): void => {
  answer = (request, response) => (request.url!.startsWith('/2010') ? response.writeHead(307, { Location: location }) : response.setHeader('Content-Type', 'text/plain')).end(FILE);
};
const fetched = (address = ADDRESS, mostBytes = 100): Promise<unknown> => media.fetch(address, mostBytes);

test('what Twilio has is fetched with our credentials, at the origin that stands for it', async () => {
  expect(await fetched()).toEqual({ bytes: FILE, contentType: 'image/png' });
  expect(asked).toEqual([{
    url: `/2010-04-01/Accounts/${ACCOUNT}/Messages/MM1/Media/ME1`, host: 'api.twilio.com',
    authorization: `Basic ${Buffer.from(`${ACCOUNT}:secret`).toString('base64')}`,
  }]);
});

test('where Twilio leads to, our credentials do not go', async () => {
  leadTo(`${origin}/store/1`);
  expect(await fetched()).toEqual({ bytes: FILE, contentType: 'text/plain' });
  expect(asked.at(-1)).toEqual({ url: '/store/1', authorization: undefined, host: undefined });
});

test.each([
  ['another host', 'https://evil.example/2010-04-01/Accounts/x'],
  ['a host that ends like Twilio', `https://api.twilio.com.evil.example/2010-04-01/Accounts/${ACCOUNT}/x`],
  ['a host that only begins like it', `https://apix.twilio.com/2010-04-01/Accounts/${ACCOUNT}/x`],
  ['Twilio without encryption', ADDRESS.replace('https', 'http')],
  ['another account', ADDRESS.replaceAll('1', '2')],
  ['a way out of the account', `https://api.twilio.com/2010-04-01/Accounts/${ACCOUNT}/../../../secret`],
  ['a file', 'file:///etc/passwd'],
  ['no address', 'picture.png'],
])('an address that is not ours at Twilio is not asked: %s', async (_what, address) => {
  await expect(fetched(address)).rejects.toMatchObject({ code: 'media_refused', retryable: false });
  expect(asked).toEqual([]);
});

test.each([
  'http://127.0.0.1:9/secret', 'http://example.com/file', 'https://127.0.0.1/secret', 'https://10.0.0.1/', 'https://[::1]/', 'https://169.254.169.254/latest/meta-data/',
  'https://localhost/', 'ftp://example.com/file',
])('it may lead nowhere private, and nowhere without encryption: %s', async (location) => {
  leadTo(location);
  await expect(fetched()).rejects.toMatchObject({ code: 'media_refused', retryable: false });
});

test.each(['https://', '//', '', undefined])('an address that is none is not followed: %j', async (location) => {
  answer = (_request, response) => response.writeHead(302, location === undefined ? {} : { Location: location }).end();
  await expect(fetched()).rejects.toMatchObject({ code: 'media_refused', retryable: false });
  expect(asked).toHaveLength(1);
});

test.each([302, 500])('what comes with an answer of %i is not listened to', async (status) => {
  let left: Promise<unknown> = Promise.resolve();
  answer = (request, response) => {
    if (!request.url!.startsWith('/2010')) return void response.end(FILE);
    left = once(response, 'close');
    response.writeHead(status, { Location: `${origin}/store/1` }).write('without end');
  };
  await fetched().catch(() => undefined);
  await expect(Promise.race([left, delay(1_000, 'still listening')])).resolves.toEqual([]);
});

test('round and round it goes only so often', async () => {
  answer = (_request, response) => response.writeHead(302, { Location: `${origin}/again` }).end();
  await expect(fetched()).rejects.toMatchObject({ code: 'media_refused' });
  expect(asked).toHaveLength(4);
});

test.each([[404, 'media_gone', false], [410, 'media_gone', false], [401, 'media_unavailable', true], [403, 'media_unavailable', true], [500, 'media_unavailable', true], [429, 'media_unavailable', true]])(
  'an answer of %i is %s', async (status, code, retryable) => {
    answer = (_request, response) => response.writeHead(status).end();
    await expect(fetched()).rejects.toMatchObject({ code, retryable });
  },
);

test.each([401, 403])('the store that Twilio leads to knows no credentials: its %i is final', async (status) => {
  answer = (request, response) => (request.url!.startsWith('/2010') ? response.writeHead(307, { Location: `${origin}/store/1` }) : response.writeHead(status)).end();
  await expect(fetched()).rejects.toMatchObject({ code: 'media_refused', retryable: false });
});

test('what is too large is not read, whether it says so or not', async () => {
  await expect(fetched(ADDRESS, FILE.length)).resolves.toBeDefined();
  await expect(fetched(ADDRESS, FILE.length - 1)).rejects.toMatchObject({ code: 'media_too_large', retryable: false });
  answer = (_request, response) => {
    response.write(FILE);
    response.end(FILE);
  };
  await expect(fetched(ADDRESS, FILE.length)).rejects.toMatchObject({ code: 'media_too_large' });
});

test('half a file is none', async () => {
  answer = (_request, response) => {
    response.writeHead(200, { 'Content-Length': 100 });
    response.write(FILE, () => response.destroy());
  };
  await expect(fetched()).rejects.toMatchObject({ code: 'media_unavailable', retryable: true });
});

test('who never answers is left in the end', async () => {
  answer = () => undefined;
  const hurried = new TwilioMedia({ credentials: { accountSid: ACCOUNT, authToken: 'secret' }, apiOrigin: origin, timeoutMs: 50 });
  await expect(hurried.fetch(ADDRESS, 100)).rejects.toMatchObject({ code: 'media_unavailable', retryable: true });
});
