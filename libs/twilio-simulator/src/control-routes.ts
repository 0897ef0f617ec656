import type { IncomingMessage, ServerResponse } from 'node:http';
import { isLoopback } from '@throughline/kernel/loopback.js';
import type { Control, Typed } from './control.js';
import type { FaultRequest } from './faults.js';
import type { ContentRequest } from './content/contents.js';
import type { ApprovalStatus } from './entities.js';
import type { InboundText } from './messaging/inbound.js';
import type { NumberRequest } from './numbers.js';
import type { Switches } from './switches.js';
import { TwilioError } from './twilio-error.js';
import type { AnsweringRequest } from './voice/answering.js';
import type { RelayBreak } from './voice/leg.js';
import type { SpokenWords } from './voice/call-control.js';
import type { PlacedCall } from './voice/placing.js';

interface Wish {
  control: Control;
  /** The segment behind the route's name, decoded. */
  name: string;
  query: URLSearchParams;
  /** The JSON of the body, an object. */
  body: unknown;
}

type ControlHandler = (wish: Wish) => unknown;

const ROUTES: Record<string, ControlHandler> = {
  'POST messages': ({ control, body }) => control.text(body as InboundText),
  'POST messages/:/taps': ({ control, name, body }) => control.tap(name, (body as { button: string }).button),
  'GET phones': ({ control }) => control.phones(),
  'GET phones/:': ({ control, name }) => control.phone(name),
  'POST phones': ({ control, body }) => control.setPhone(body as { address: string }),
  'GET conversations': ({ control }) => control.conversations(),
  'GET conversations/:': ({ control, name }) => control.conversation(name),
  'POST conversations/:/messages': ({ control, name, body }) => control.type(name, body as Typed),
  'GET numbers': ({ control }) => control.numbers(),
  'POST numbers': ({ control, body }) => control.addNumber(body as NumberRequest),
  'POST contents': ({ control, body }) => control.addContent(body as ContentRequest),
  'POST contents/:/approval': ({ control, name, body }) => {
    const { status, reason } = body as { status: ApprovalStatus; reason?: string };
    return control.decideOnContent(name, status, reason);
  },
  'POST calls': ({ control, body }) => control.placeCall(body as PlacedCall),
  'GET calls': ({ control, query }) => control.calls(query.get('address') ?? undefined),
  'GET calls/:': ({ control, name }) => control.callState(name),
  'GET calls/:/heard': ({ control, name }) => control.heard(name),
  'GET calls/:/said': ({ control, name }) => control.said(name),
  'GET calls/:/relay': ({ control, name }) => control.relayFrames(name),
  'POST calls/:/words': ({ control, name, body }) => control.speak(name, body as SpokenWords),
  'POST calls/:/keys': ({ control, name, body }) => control.press(name, (body as { digits: string }).digits),
  'POST calls/:/answer': ({ control, name, body }) => control.answer(name, (body as { greeting?: string }).greeting),
  'POST calls/:/decline': ({ control, name }) => control.decline(name),
  'POST phones/:/answering': ({ control, name, body }) => control.answering(name, body as AnsweringRequest),
  'POST calls/:/hangup': ({ control, name }) => control.hangUp(name),
  'POST calls/:/relay/break': ({ control, name, body }) => control.breakRelay(name, (body as { how?: RelayBreak }).how),
  'GET faults': ({ control }) => control.faults(),
  'POST faults': ({ control, body }) => control.fault(body as FaultRequest),
  'DELETE faults': ({ control }) => control.clearFaults(),
  'DELETE faults/:': ({ control, name }) => control.clearFaults(name),
  'GET switches': ({ control }) => control.switches(),
  'POST switches': ({ control, body }) => control.switches(body as Partial<Switches>),
  'GET clock': ({ control }) => ({ now: control.now().toISOString() }),
  'POST clock': ({ control, body }) => control.forward((body as { forward: string | number }).forward),
  'GET requests': ({ control, query }) => control.requests(Number(query.get('since') ?? 0)),
  'GET webhooks': ({ control, query }) => control.webhooks(Number(query.get('since') ?? 0)),
  'GET idle': ({ control, query }) => control.idle(Number(query.get('wait') ?? 0)),
  'GET state': ({ control }) => control.state(),
  'POST reset': ({ control }) => control.reset(),
};

/** What a body cannot do without; a body that lacks it is refused by name. */
const NEEDED: Record<string, readonly string[]> = {
  'POST messages': ['from', 'to'],
  'POST messages/:/taps': ['button'],
  'POST contents/:/approval': ['status'],
  'POST phones': ['address'],
  'POST conversations/:/messages': ['author', 'body'],
  'POST numbers': ['accountSid', 'phoneNumber'],
  'POST contents': ['sid', 'body'],
  'POST calls': ['from', 'to'],
  'POST calls/:/words': ['text'],
  'POST calls/:/keys': ['digits'],
  'POST phones/:/answering': ['how'],
  'POST faults': ['kind'],
  'POST clock': ['forward'],
};

export async function handleControl(
  control: Control, request: IncomingMessage, response: ServerResponse, body: string,
): Promise<void> {
  if (!isFromHere(request)) return json(response, 403, { error: 'Only this machine, and pages served from it, may do this' });
  allowLocalPages(request, response);
  if (request.method === 'OPTIONS') return void response.writeHead(204).end();
  const url = new URL(request.url ?? '/', 'http://localhost');
  const [, , section = '', name, ...rest] = url.pathname.split('/');
  if (request.method === 'GET' && section === 'events') return stream(control, request, response);
  const key = [`${request.method} ${section}`, ...(name === undefined ? [] : [':']), ...rest].join('/');
  const handler = ROUTES[key];
  if (!handler) return json(response, 404, { error: `There is no ${request.method} ${url.pathname}` });
  try {
    const wish = { control, name: decodeURIComponent(name ?? ''), query: url.searchParams, body: read(key, body) };
    return json(response, 200, (await handler(wish)) ?? {});
  } catch (error) {
    // Twilio's own refusals keep their status and code; the rest is a wish that makes no sense here.
    if (error instanceof TwilioError) return json(response, error.status, { error: error.message, code: error.code });
    return json(response, 400, { error: error instanceof Error ? error.message : String(error) });
  }
}

function read(key: string, body: string): unknown {
  const parsed: unknown = body === '' ? {} : JSON.parse(body);
  if (typeof parsed !== 'object' || parsed === null) throw new TypeError('The body is not a JSON object');
  const missing = NEEDED[key]?.find((name) => !['string', 'number'].includes(typeof (parsed as Record<string, unknown>)[name]));
  if (missing !== undefined) throw new TypeError(`The body needs "${missing}"`);
  return parsed;
}

/**
 * A page of another site, open in a browser on this machine, says where it came from. One that gave this machine a name
 * of its own (DNS rebinding) asks for that name.
 */
function isFromHere(request: IncomingMessage): boolean {
  const { origin, host } = request.headers;
  return isLoopback(`http://${host}`) && (origin === undefined || isLoopback(origin));
}

/** The page of phones comes from the hub, another origin. */
function allowLocalPages(request: IncomingMessage, response: ServerResponse): void {
  const { origin } = request.headers;
  if (!origin) return;
  response.setHeader('Access-Control-Allow-Origin', origin);
  response.setHeader('Access-Control-Allow-Headers', 'content-type');
  response.setHeader('Access-Control-Allow-Methods', 'GET, POST, DELETE');
  response.setHeader('Vary', 'Origin');
}

function json(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(text) });
  response.end(text);
}

/** Server-Sent Events: one name and one object each. */
function stream(control: Control, request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, {
    'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', Connection: 'keep-alive',
  });
  response.write(':\n\n');
  const stop = control.listen((event, data) => response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`));
  request.on('close', stop);
}
