import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type INestApplication, Module } from '@nestjs/common';
import { APP_FILTER, NestFactory } from '@nestjs/core';
import { ShiftableClock } from '@throughline/kernel/clock.js';
import express from 'express';
import { ErrorsFilter } from '../../src/app.errors.filter.js';
import { SandboxModule } from '../../src/sandbox/sandbox.module.js';

/** Stands where the simulator stands and says what it heard. */
const heard: { method: string | undefined; url: string | undefined; headers: http.IncomingHttpHeaders; body: string }[] = [];
const simulator = http.createServer((request, response) => {
  let body = '';
  request.on('data', (part: Buffer) => (body += part.toString()));
  request.on('end', () => {
    heard.push({ method: request.method, url: request.url, headers: request.headers, body });
    if (request.url === '/_control/events') {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write('event: phone\ndata: {}\n\n');
      return;
    }
    response.writeHead(201, { 'Content-Type': 'application/json', Connection: 'close', 'Set-Cookie': 'a=b' }).end('{"messageSid":"SM1"}');
  });
});

const forwarded: number[] = [];
let app: INestApplication;
let url: string;

beforeAll(async () => {
  await new Promise<void>((resolve) => simulator.listen(0, '127.0.0.1', resolve));
  const simulatorOrigin = `http://127.0.0.1:${(simulator.address() as AddressInfo).port}`;
  const sandbox = SandboxModule.forRoot({
    simulatorOrigin, publicBaseUrl: 'http://box.test:3000', clock: new ShiftableClock(), token: 'the-token', tenantId: async () => 'the-tenant', widgetKey: 'wk_sandbox_front_desk', scriptedModel: true,
    forwardClock: async (ms) => void forwarded.push(ms),
  });
  class Root {}
  Module({ imports: [sandbox], providers: [{ provide: APP_FILTER, useClass: ErrorsFilter }] })(Root);
  app = await NestFactory.create(Root, { bodyParser: false, logger: false });
  app.use('/sandbox/api', express.json());
  await app.listen(0, '127.0.0.1');
  url = (await app.getUrl()).replace('[::1]', '127.0.0.1');
});

afterAll(async () => {
  await app.close();
  simulator.closeAllConnections();
  simulator.close();
});

/** Without the tidying of paths that fetch does, and under any name for this machine. */
const statusOf = (path: string, { method = 'GET', host }: { method?: string; host?: string } = {}): Promise<number | undefined> =>
  new Promise((resolve, reject) => {
    const headers = host === undefined ? {} : { host };
    http.request(url + path, { path, method, headers }, (answer) => resolve(answer.resume().statusCode)).on('error', reject).end();
  });

const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(url + path, { method: 'POST', headers: { 'Content-Type': 'application/json', ...headers }, body: JSON.stringify(body) });

describe('the sandbox room', () => {
  it('gives the page what it needs to start', async () => {
    const answer = await fetch(`${url}/sandbox/api/session`);
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(await answer.json()).toEqual({ token: 'the-token', tenantId: 'the-tenant', simulated: true, scriptedModel: true, mail: false, now: expect.any(String) });
  });

  it('moves time by what is a duration, and by nothing else', async () => {
    expect((await post('/sandbox/api/clock', { forward: '15m' })).status).toBe(200);
    expect(forwarded).toEqual([900_000]);
    for (const body of [{}, { forward: 'soon' }, { forward: 15 }, { forward: '400d' }]) {
      expect((await post('/sandbox/api/clock', body)).status).toBe(400);
    }
    expect(forwarded).toEqual([900_000]);
  });

  it('passes calls on to the control API, with their query and body', async () => {
    const answer = await post('/sandbox/control/messages?a=1%202', { body: 'Grüße' }, { Cookie: 'secret=1', Authorization: 'Bearer x' });
    expect([answer.status, await answer.json()]).toEqual([201, { messageSid: 'SM1' }]);
    expect(answer.headers.get('set-cookie')).toBeNull();
    const last = heard.at(-1)!;
    expect([last.method, last.url, last.body]).toEqual(['POST', '/_control/messages?a=1%202', '{"body":"Grüße"}']);
    expect(last.headers.cookie ?? last.headers.authorization).toBeUndefined();
  });

  it('keeps an encoded name in one piece', async () => {
    await fetch(`${url}/sandbox/control/phones/whatsapp%3A%2B1555%2F1`);
    expect(heard.at(-1)!.url).toBe('/_control/phones/whatsapp%3A%2B1555%2F1');
  });

  it('lets events through as they come', async () => {
    const leave = new AbortController();
    const answer = await fetch(`${url}/sandbox/control/events`, { signal: leave.signal });
    const { value } = await answer.body!.getReader().read();
    expect(new TextDecoder().decode(value)).toContain('event: phone');
    leave.abort();
  });

  it.each(['/sandbox/control/../2010-04-01/Accounts', '/sandbox/control/%2e%2e/2010-04-01', '/sandbox/control/..%2f2010-04-01', '/sandbox/control/a/..%5c..%5cb'])(
    'leads nowhere else: %s', async (path) => {
      const before = heard.length;
      expect(await statusOf(path)).toBe(404);
      expect(heard.length).toBe(before);
    },
  );

  it.each(['/sandbox/assets/../index.html', '/sandbox/assets/..%2findex.html', '/sandbox/assets/%2e%2e%2f.stamp', '/sandbox/assets/none.js', '/sandbox/assets/'])(
    'serves no file but assets: %s', async (path) => {
      expect([403, 404]).toContain(await statusOf(path));
    },
  );

  it('refuses what a page of another site sends', async () => {
    for (const origin of ['https://elsewhere.example', 'null']) {
      expect((await post('/sandbox/control/messages', {}, { Origin: origin })).status).toBe(403);
      expect((await post('/sandbox/api/clock', { forward: '1h' }, { Origin: origin })).status).toBe(403);
    }
    expect((await post('/sandbox/control/messages', {}, { Origin: url })).status).toBe(201);
  });

  it.each(['rebound.example', 'rebound.example:3000', '127.0.0.1.rebound.example', 'localhost.', 'box.test', 'box.test:80', '127.0.0.1:x'])(
    'gives nothing to a page that calls this machine "%s"', async (host) => {
      const before = [heard.length, forwarded.length];
      const asks = [['GET', '/sandbox'], ['GET', '/sandbox/api/session'], ['POST', '/sandbox/api/clock'], ['GET', '/sandbox/control/phones'], ['POST', '/sandbox/control/messages']] as const;
      for (const [method, path] of asks) expect([method, path, await statusOf(path, { method, host })]).toEqual([method, path, 403]);
      expect([heard.length, forwarded.length]).toEqual(before);
    },
  );

  it.each(['localhost', 'localhost:8080', 'LocalHost:3000', '127.0.0.1', '[::1]:3000', 'box.test:3000'])('answers as %s', async (host) => {
    expect(await statusOf('/sandbox/api/session', { host })).toBe(200);
  });

  it('says so when the simulator is gone', async () => {
    const other = SandboxModule.forRoot({
      simulatorOrigin: 'http://127.0.0.1:9', publicBaseUrl: url, clock: new ShiftableClock(), token: '', tenantId: async () => '', widgetKey: 'wk_sandbox_front_desk', scriptedModel: true, forwardClock: async () => undefined,
    });
    const lonely = await NestFactory.create(other, { bodyParser: false, logger: false });
    await lonely.listen(0, '127.0.0.1');
    const answer = await fetch(`${(await lonely.getUrl()).replace('[::1]', '127.0.0.1')}/sandbox/control/phones`);
    expect(answer.status).toBe(502);
    await lonely.close();
  });
});
