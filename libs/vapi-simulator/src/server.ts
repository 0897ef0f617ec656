import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Clock, ShiftableClock } from '@throughline/kernel/clock.js';
import { readBody } from '@throughline/kernel/read-body.js';
import { type WebSocket, WebSocketServer } from 'ws';
import type { PhoneNumber } from './call.types.js';
import { VapiControl } from './control.js';
import type { Signs } from './messages.js';
import { StreamEar, StreamMouth } from './mouths.js';
import { Refusal } from './refusal.js';
import { createCall } from './rest.js';

const LARGEST_BODY = 1_000_000;

export interface VapiSimulatorOptions {
  apiKey: string;
  numbers: PhoneNumber[];
  /** What server messages are signed with, and how. */
  secret?: string;
  signs?: Signs;
  port?: number;
  clock?: Clock;
}

export interface VapiSimulator {
  readonly origin: string;
  readonly control: VapiControl;
  close(): Promise<void>;
}

/**
 * A Vapi on this machine, as far as phone calls with a custom model need it: calls that are joined by TwiML, numbers of its own, server messages, live call control.
 * Who is on the phone is the Twilio simulator's business: their words come and go over its Media Streams.
 */
export async function startVapiSimulator(options: VapiSimulatorOptions): Promise<VapiSimulator> {
  const control = new VapiControl({ ...options, clock: options.clock ?? new ShiftableClock() });
  const server = createServer((request, response) => void answer(control, request, response));
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  server.on('upgrade', (request, socket, head) => {
    const id = /^\/stream\/([\w-]+)$/.exec(request.url ?? '')?.[1];
    if (!id || !control.knows(id)) return void socket.end('HTTP/1.1 404 Not Found\r\n\r\n');
    sockets.handleUpgrade(request, socket, head, (opened) => attend(control, id, opened));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  control.origin = origin;
  return {
    origin, control,
    close: () => new Promise((resolve) => {
      for (const socket of sockets.clients) socket.terminate();
      server.close(() => resolve());
      server.closeAllConnections();
    }),
  };
}

async function answer(control: VapiControl, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const body = await readBody(request, LARGEST_BODY);
    if (body === null) throw new Refusal(413, 'request entity too large');
    const { status, value } = await route(control, request, body === '' ? {} : (JSON.parse(body) as Record<string, unknown>));
    json(response, status, value);
  } catch (error) {
    const status = error instanceof Refusal ? error.status : 400;
    json(response, status, { message: error instanceof Error ? error.message : String(error), statusCode: status });
  }
}

async function route(control: VapiControl, request: IncomingMessage, body: Record<string, unknown>): Promise<{ status: number; value: unknown }> {
  const { pathname } = new URL(request.url ?? '/', 'http://vapi');
  const command = /^\/control\/([\w-]+)$/.exec(pathname)?.[1];
  if (command) return { status: control.obeys(command, body) ? 200 : 404, value: {} };
  if (request.headers.authorization !== `Bearer ${control.apiKey}`) throw new Refusal(401, 'Invalid Key. Hot tip, you may be using the public key instead of the private key, or vice versa.');
  const key = `${request.method} ${pathname}`;
  if (key === 'GET /phone-number') return { status: 200, value: control.numbers.map(({ id, number }) => ({ id, number, provider: 'twilio' })) };
  if (key === 'POST /call') return { status: 201, value: await createCall(control, body) };
  const removed = /^DELETE \/call\/([\w-]+)$/.exec(key)?.[1];
  if (removed) return { status: control.remove(removed) ? 200 : 404, value: {} };
  throw new Refusal(404, `Cannot ${key}`);
}

function json(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
}

interface Frame {
  event: string;
  streamSid?: string;
  start?: { callSid: string; streamSid: string };
  media?: { payload: string };
  mark?: { name: string };
}

/** Twilio's end of a call. */
function attend(control: VapiControl, id: string, socket: WebSocket): void {
  const conversation = control.conversation(id);
  const ear = new StreamEar(() => conversation.interrupts(), (words) => conversation.hears(words));
  let mouth: StreamMouth | undefined;
  socket.on('error', () => undefined);
  socket.on('message', (data) => {
    const frame = JSON.parse(String(data)) as Frame;
    if (frame.event === 'start') {
      mouth = new StreamMouth(socket, frame.start!.streamSid);
      conversation.begins(mouth, frame.start!.callSid);
    } else if (frame.event === 'media') ear.takes(Buffer.from(frame.media!.payload, 'base64'));
    else if (frame.event === 'mark') mouth?.reached(frame.mark!.name);
    else if (frame.event === 'stop') conversation.ends('customer-ended-call');
  });
  socket.on('close', () => conversation.ends('customer-ended-call'));
}
