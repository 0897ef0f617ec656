import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Fault } from './faults.js';
import { Form } from './form.js';
import { hostOf } from './hosts.js';
import { report } from './report.js';
import { Ring } from './ring.js';
import { Router, type Answer, type Call, type Route } from './router.js';
import { newSid } from './sids.js';
import { notFound, TwilioError, unauthenticated } from './twilio-error.js';
import type { World } from './world.js';

export interface RequestEntry {
  id: number;
  at: string;
  method: string;
  host: string;
  path: string;
  params: Record<string, string | string[]>;
  status: number | null;
  ms: number;
  fault?: string;
}

interface Outcome {
  answer: Answer | undefined;
  fault: Fault | undefined;
}

const LOG_LIMIT = 5_000;
const METHODS = ['GET', 'POST', 'DELETE'];

/** The REST door: who calls, what for, what goes wrong on purpose, and the answer in Twilio's shape. */
export class RestDoor {
  readonly log = new Ring<RequestEntry>(LOG_LIMIT);
  private readonly router: Router;

  constructor(
    private readonly world: World,
    routes: Route[],
  ) {
    this.router = new Router(routes);
  }

  async handle(request: IncomingMessage, response: ServerResponse, body: string): Promise<void> {
    const started = performance.now();
    const [rawPath = '/', search = ''] = (request.url ?? '/').split(/\?(.*)/s);
    const { host, path } = hostOf(rawPath, request.headers);
    const method = request.method ?? 'GET';
    const isJson = /^application\/json/i.test(request.headers['content-type'] ?? '');
    const [query, form, json] = [Form.parse(search), Form.parse(isJson ? '' : body), isJson ? parsedJson(body) : {}];
    const at = this.world.clock.now().toISOString();
    const { answer, fault } = await this.outcome(request, { method, host, path, query, form, json });
    const ms = Math.round((performance.now() - started) * 10) / 10;
    const entry = this.log.push({
      at, method, host: host ?? request.headers.host ?? '', path, params: { ...query.toJSON(), ...form.toJSON(), ...asParams(json ?? {}) },
      status: fault?.kind === 'drop-answer' || fault?.kind === 'hang' ? null : (answer?.status ?? null), ms,
      ...(fault ? { fault: fault.kind } : {}),
    });
    this.world.feed.emit('request', entry);
    this.reply(response, answer, fault);
  }

  private async outcome(request: IncomingMessage, asked: Omit<Call, 'at' | 'account' | 'hooksWanted' | 'host' | 'json'> & {
    host: Call['host'] | undefined, json: Call['json'] | undefined,
  }): Promise<Outcome> {
    let fault: Fault | undefined;
    try {
      const account = this.world.accounts.authenticate(request.headers.authorization);
      fault = this.world.faults.forCall({ ...asked, host: asked.host ?? '' });
      if (fault) this.world.feed.emit('fault', fault);
      refuseBefore(fault);
      const { host, method, json } = asked;
      if (!json) throw new TwilioError(400, 20422, 'The body is not a JSON object');
      const path = host === 'api.twilio.com' ? asked.path.replace(/\.json$/, '') : asked.path;
      const match = host && this.router.match(method, host, path);
      if (!host || !match) throw this.unknown(method, host, path);
      if (match.at.account !== undefined && match.at.account !== account.sid) throw unauthenticated();
      const hooksWanted = String(request.headers['x-twilio-webhook-enabled'] ?? '').toLowerCase() === 'true';
      const answer = await match.handler({ ...asked, host, path, json, at: match.at, account, hooksWanted });
      return { answer: fault?.kind === '500-after' ? errorAnswer(internal()) : answer, fault };
    } catch (error) {
      return { answer: errorAnswer(error), fault };
    }
  }

  private unknown(method: string, host: Call['host'] | undefined, path: string): TwilioError {
    const others = host ? METHODS.filter((one) => one !== method && this.router.match(one, host, path)) : [];
    return others.length > 0 ? new TwilioError(405, 20004, 'Method not allowed', { Allow: others.join(', ') }) : notFound(path);
  }

  private reply(response: ServerResponse, answer: Answer | undefined, fault: Fault | undefined): void {
    if (fault?.kind === 'drop-answer') {
      response.destroy();
      return;
    }
    // Longer than the SDK waits (30 s): the caller gives up first, as with a Twilio that hangs.
    if (fault?.kind === 'hang') setTimeout(() => write(response, answer), fault.hangMs ?? 35_000).unref();
    else write(response, answer);
  }
}

/** Undefined where it is no object. */
function parsedJson(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/** As the log of requests shows it. */
const asParams = (json: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(Object.entries(json).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)]));

function write(response: ServerResponse, answer: Answer | undefined): void {
  if (response.destroyed || !answer) return;
  const body = answer.body === undefined ? '' : JSON.stringify(answer.body);
  response.writeHead(answer.status, {
    'Twilio-Request-Id': newSid('RQ'),
    'Twilio-Concurrent-Requests': '1',
    ...(body === '' ? {} : { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) }),
    ...answer.headers,
  });
  response.end(body);
}

function refuseBefore(fault: Fault | undefined): void {
  if (fault?.kind === '500-before') throw internal();
  if (fault?.kind !== '429') return;
  const headers = fault.retryAfterS === undefined ? {} : { 'Retry-After': String(fault.retryAfterS) };
  throw new TwilioError(429, 20429, 'Too Many Requests', headers as Record<string, string>);
}

const internal = (): TwilioError => new TwilioError(500, 20500, 'An internal server error has occurred');

function errorAnswer(error: unknown): Answer {
  if (error instanceof TwilioError) return { status: error.status, body: error.toJSON(), headers: error.headers };
  // Not a Twilio answer but a fault of the simulator: say so where the developer looks.
  report(error);
  return { status: 500, body: internal().toJSON() };
}
