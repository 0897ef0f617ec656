import type { IncomingMessage, ServerResponse } from 'node:http';
import { isLoopback } from '@throughline/kernel/loopback.js';
import type { Answer, MailControl } from './control.js';
import type { MailFault } from './faults.js';
import type { Letter } from './letters.js';
import type { Habit } from './people.js';

type Handler = (control: MailControl, body: Record<string, unknown>, name: string) => unknown;

const ROUTES: Record<string, Handler> = {
  'GET mailboxes': (control) => control.mailboxes(),
  'GET people': (control) => control.people(),
  'GET people/:': (control, _, name) => control.person(name),
  'POST people/:': (control, { habit }, name) => control.setHabit(name, habit as Habit),
  'POST mails': async (control, body) => ({ messageId: await control.write(body as unknown as Letter) }),
  'POST answers': async (control, body) => ({ messageId: await control.answer(body as unknown as Answer) }),
  'GET faults': (control) => control.faults(),
  'POST faults': (control, body) => control.fault(body as unknown as MailFault),
  'DELETE faults': (control) => control.clearFaults(),
};

/** What a body cannot do without. */
const NEEDED: Record<string, readonly string[]> = {
  'POST mails': ['from', 'to'], 'POST answers': ['from', 'text'], 'POST people/:': ['habit'], 'POST faults': ['kind'],
};

export async function handleControl(control: MailControl, request: IncomingMessage, response: ServerResponse, body: string): Promise<void> {
  if (!isFromHere(request)) return json(response, 403, { error: 'Only this machine, and pages served from it, may do this' });
  const url = new URL(request.url ?? '/', 'http://localhost');
  const [, , section = '', name] = url.pathname.split('/');
  if (request.method === 'GET' && section === 'events') return stream(control, request, response);
  const key = `${request.method} ${section}${name === undefined ? '' : '/:'}`;
  const handler = ROUTES[key];
  if (!handler) return json(response, 404, { error: `There is no ${request.method} ${url.pathname}` });
  try {
    return json(response, 200, (await handler(control, read(key, body), decodeURIComponent(name ?? ''))) ?? {});
  } catch (error) {
    return json(response, 400, { error: error instanceof Error ? error.message : String(error) });
  }
}

function read(key: string, body: string): Record<string, unknown> {
  const parsed: unknown = body === '' ? {} : JSON.parse(body);
  if (typeof parsed !== 'object' || parsed === null) throw new TypeError('The body is not a JSON object');
  const missing = NEEDED[key]?.find((name) => typeof (parsed as Record<string, unknown>)[name] !== 'string');
  if (missing !== undefined) throw new TypeError(`The body needs "${missing}"`);
  return parsed as Record<string, unknown>;
}

/** Neither a page of another site nor one that gave this machine a name of its own. */
function isFromHere({ headers: { origin, host } }: IncomingMessage): boolean {
  return isLoopback(`http://${host}`) && (origin === undefined || isLoopback(origin));
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

/** Server-Sent Events: a mail has come somewhere. */
function stream(control: MailControl, request: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', Connection: 'keep-alive' });
  response.write(':\n\n');
  request.on('close', control.listen(() => response.write('event: mail\ndata: {}\n\n')));
}
