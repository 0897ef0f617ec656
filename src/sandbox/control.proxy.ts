import { request as httpRequest, type ClientRequest, type IncomingHttpHeaders } from 'node:http';
import { type BeforeApplicationShutdown, Inject, Injectable } from '@nestjs/common';
import { describe, notFound } from '@throughline/kernel/errors.js';
import type { Request, Response } from 'express';
import { SANDBOX_OPTIONS, type SandboxOptions } from './sandbox.types.js';

const SIMULATOR_PREFIX = '/_control/';

/** Of one connection only (RFC 9110, 7.6.1), and what is the hub's own business: its name, its cookies, its tokens. */
const STAYS_HERE = new Set([
  'connection', 'keep-alive', 'proxy-authenticate', 'proxy-authorization', 'proxy-connection', 'te', 'trailer', 'transfer-encoding', 'upgrade',
  'host', 'cookie', 'set-cookie', 'authorization', 'origin',
]);

/** The page's way to the simulator's control API, so that it needs one origin only. Bodies and events stream through. */
@Injectable()
export class ControlProxy implements BeforeApplicationShutdown {
  private readonly open = new Set<ClientRequest>();

  constructor(@Inject(SANDBOX_OPTIONS) private readonly options: SandboxOptions) {}

  /** @param which of the two simulators: Twilio, or the post office */
  forward(request: Request, response: Response, which: 'control' | 'mail'): void {
    const origin = which === 'mail' ? this.options.mailOrigin : this.options.simulatorOrigin;
    if (!origin) throw notFound('post office', 'in this sandbox');
    const target = targetOf(request.originalUrl, `/sandbox/${which}/`, origin);
    const upstream = httpRequest(target, { method: request.method, headers: passedOn(request.headers) });
    this.open.add(upstream);
    upstream.on('response', (answer) => {
      response.writeHead(answer.statusCode ?? 502, passedOn(answer.headers));
      // Events wait for something to happen; the page wants to know at once that it is connected.
      response.flushHeaders();
      answer.on('error', () => response.destroy());
      answer.pipe(response);
    });
    upstream.on('error', (error) => refuse(response, error));
    upstream.on('close', () => this.open.delete(upstream));
    response.on('close', () => upstream.destroy());
    request.pipe(upstream);
  }

  /** A stream of events never ends by itself, and a closing server waits for it. */
  beforeApplicationShutdown(): void {
    for (const upstream of this.open) upstream.destroy();
  }
}

/** @throws for a path that leads out of the control API, `..%2f` and the like */
function targetOf(originalUrl: string, prefix: string, origin: string): URL {
  const target = new URL(SIMULATOR_PREFIX + originalUrl.slice(prefix.length), origin);
  const decoded = decodeURIComponent(target.pathname.replaceAll(/%(?![0-9a-f]{2})/gi, '%25'));
  const inside = originalUrl.startsWith(prefix) && target.origin === new URL(origin).origin;
  if (inside && target.pathname.startsWith(SIMULATOR_PREFIX) && !decoded.split(/[/\\]/).includes('..')) return target;
  throw notFound('control route', originalUrl);
}

function passedOn(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const named = (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !STAYS_HERE.has(name) && !named.includes(name)));
}

function refuse(response: Response, error: Error): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.status(502).json({ title: 'Bad gateway', status: 502, detail: `The simulator does not answer (${describe(error)}).` });
}
