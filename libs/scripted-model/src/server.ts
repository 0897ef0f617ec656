import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { ShiftableClock, type Clock } from '@throughline/kernel/clock.js';
import { readBody } from '@throughline/kernel/read-body.js';
import { WebSocketServer } from 'ws';
import { Answer } from './answer.js';
import { clinic } from './clinic.js';
import { answerControl } from './control.js';
import { Journal } from './journal.js';
import type { Controlled, ScriptedModel } from './model.types.js';
import { Prompt } from './prompt.js';
import { RealtimeStandIn } from './realtime.js';
import { Playbook, type Script } from './script.js';
import { transcribe } from './transcription.js';
import { validate } from './validation.js';
import { errorBody, modelList } from './wire.js';

export interface ScriptedModelOptions {
  /** 0 (default) takes any free port. */
  port?: number;
  /** Default 127.0.0.1: nobody else's business. */
  host?: string;
  /** A function replaces the clinic's front desk; rules stand in front of it. */
  script?: Script;
  clock?: Clock;
  /** With a key, any other is refused with 401. Without, every key will do. */
  apiKey?: string;
  /** How many requests are remembered. Default 1,000. */
  keep?: number;
}

/** OpenAI refuses far earlier, by tokens; this only protects the process. */
const LARGEST_BODY = 10 * 1024 * 1024;
export type { ScriptedModel } from './model.types.js';

const MODELS = ['scripted-model'];

export async function startScriptedModel(options: ScriptedModelOptions = {}): Promise<ScriptedModel> {
  const house = new House(options);
  const server = createServer((request, response) => void house.answer(request, response));
  server.on('upgrade', (request, socket, head) => house.listen(request, socket, head));
  const host = options.host ?? '127.0.0.1';
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port ?? 0, host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const origin = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  return { origin, baseUrl: `${origin}/v1`, ...house.control, close: () => close(server, house) };
}

function close(server: Server, house: House): Promise<void> {
  return new Promise((resolve) => {
    house.hangUp();
    server.close(() => resolve());
    // Hanging and slow answers are waiting on purpose; nobody waits for them here.
    server.closeAllConnections();
  });
}

class House {
  private readonly clock: Clock;
  readonly journal: Journal;
  readonly playbook: Playbook;
  private readonly lines = new WebSocketServer({ noServer: true });
  readonly control: Controlled;

  constructor(private readonly options: ScriptedModelOptions) {
    this.clock = options.clock ?? new ShiftableClock();
    this.journal = new Journal(this.clock, options.keep ?? 1_000);
    const initial = typeof options.script === 'function' ? options.script : clinic;
    this.playbook = new Playbook(initial, Array.isArray(options.script) ? options.script : []);
    this.control = this.controls();
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://scripted-model');
    try {
      if (url.pathname.startsWith('/_control/')) {
        return await answerControl(this.control, { request, response, url, body: () => bodyOf(request) });
      }
      if (!this.knows(request.headers.authorization)) return send(response, 401, errorBody(401));
      const route = `${request.method} ${url.pathname}`;
      if (route === 'GET /v1/models') return send(response, 200, modelList(MODELS, this.seconds()));
      if (route === 'POST /v1/chat/completions') return await this.chat(request, response);
      if (route === 'POST /v1/audio/transcriptions') return await this.write(request, response);
      send(response, 404, errorBody(404, { message: `Invalid URL (${route})`, code: 'unknown_url' }));
    } catch (error) {
      const { status, message } = refusal(error);
      if (response.headersSent) response.destroy();
      else send(response, status, errorBody(status, { message }));
    }
  }

  /** `WS /v1/realtime?model=…`: the same script, spoken. */
  listen(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => undefined);
    const url = new URL(request.url ?? '/', 'http://scripted-model');
    const model = url.searchParams.get('model');
    if (url.pathname !== '/v1/realtime' || !model || !this.knows(request.headers.authorization)) {
      return void socket.end(`HTTP/1.1 ${url.pathname === '/v1/realtime' && model ? '401 Unauthorized' : '404 Not Found'}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
    }
    this.lines.handleUpgrade(request, socket, head, (opened) => void new RealtimeStandIn(opened, model, this));
  }

  hangUp(): void {
    for (const line of this.lines.clients) line.terminate();
  }

  private async chat(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const checked = validate(await bodyOf(request));
    if ('fault' in checked) return send(response, 400, errorBody(400, { message: checked.fault, param: checked.param }));
    const prompt = new Prompt(checked.request);
    const record = this.journal.open(prompt);
    const head = {
      id: `chatcmpl-${randomUUID().replaceAll('-', '')}`,
      created: this.seconds(),
      model: checked.request.model,
      withUsage: checked.request.stream_options?.include_usage === true,
    };
    const answer = new Answer(response, prompt, record, head);
    await answer.give(await this.playbook.plan(prompt));
  }

  private async write(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const written = await transcribe(request);
    if ('fault' in written) send(response, 400, errorBody(400, { message: written.fault, param: written.param }));
    else send(response, 200, written);
  }

  private controls(): Controlled {
    const { journal, playbook } = this;
    return {
      requests: (since) => journal.since(since),
      turns: () => journal.since().filter(({ task }) => task === null),
      received: async (count, withinMs = 30_000) => {
        if (await journal.reached(count, withinMs)) return journal.since();
        throw new Error(`The scripted model was asked ${journal.since().length} times, not ${count}, in ${withinMs} ms.`);
      },
      next: (directive) => playbook.next(directive),
      use: (script) => playbook.use(script),
      waiting: () => playbook.waiting,
      reset: () => {
        playbook.reset();
        journal.clear();
      },
    };
  }

  private knows(authorization: string | undefined): boolean {
    return this.options.apiKey === undefined || authorization === `Bearer ${this.options.apiKey}`;
  }

  private seconds(): number {
    return Math.floor(this.clock.ms() / 1_000);
  }
}

class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

function refusal(error: unknown): { status: number; message: string } {
  if (error instanceof Refusal) return error;
  // A script of a test threw: the test wants to read why.
  return { status: 500, message: `The script failed: ${String(error)}` };
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const body = await readBody(request, LARGEST_BODY);
  if (body === null) throw new Refusal(413, `The body is larger than ${LARGEST_BODY} bytes.`);
  try {
    return JSON.parse(body);
  } catch {
    throw new Refusal(400, 'We could not parse the JSON body of your request.');
  }
}

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
