import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

interface Exchange {
  ok: boolean;
  method: string;
  path: string;
  requestErrors: Objection[];
  responseErrors: Objection[];
}

interface Objection {
  rule?: string;
  value?: unknown;
}

interface RefereeServer {
  url: string;
  close(): Promise<void>;
}

export interface Refereed {
  origin: string;
  violations: Exchange[];
  close(): Promise<void>;
}

/** The journey had the connection cut: there is no answer to judge. */
const isUnanswered = ({ requestErrors, responseErrors }: Exchange): boolean =>
  requestErrors.length === 0 && responseErrors.every(({ rule }) => rule === 'upstream');

/**
 * Twilio's OpenAPI files of April 2026 know numbers only; since then a WhatsApp user with a user name may be known by an id
 * alone (`whatsapp:US.1234`), which Twilio sends and takes in the place of the number.
 */
const isUserId = ({ rule, value }: Objection): boolean => rule === 'format' && /^whatsapp:[A-Z]{2}\.\w+$/.test(String(value));

const isNewer = ({ requestErrors, responseErrors }: Exchange): boolean => [...requestErrors, ...responseErrors].every(isUserId);

/** The simulator's own control API, and the bytes of media, whose addresses Twilio's OpenAPI files do not know. */
const isBeyondRest = (url: string): boolean => /^\/_(control|media)\/|\/Media\/ME\w+$/.test(url);

/**
 * With `TEST_REFEREE_DIR`, every REST call of the hub passes a referee that judges it, and the simulator's answer,
 * against Twilio's own OpenAPI files.
 */
export async function throughReferee(simulatorOrigin: string): Promise<Refereed | undefined> {
  const folder = process.env['TEST_REFEREE_DIR'];
  if (!folder) return undefined;
  const module = pathToFileURL(path.join(folder, 'twilio-referee.mjs')).href;
  const { startReferee } = (await import(module)) as { startReferee: (options: object) => Promise<RefereeServer> };
  const violations: Exchange[] = [];
  const referee = await startReferee({
    upstream: simulatorOrigin, port: 0, quiet: true,
    onExchange: (exchange: Exchange) => {
      if (!exchange.ok && !isUnanswered(exchange) && !isNewer(exchange)) violations.push(exchange);
    },
  });
  const door = http.createServer((request, response) => {
    pass(request, response, isBeyondRest(request.url ?? '/') ? simulatorOrigin : referee.url);
  });
  await new Promise<void>((resolve) => door.listen(0, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    door.closeAllConnections();
    await new Promise((resolve) => door.close(resolve));
    await referee.close();
  };
  return { origin: `http://127.0.0.1:${(door.address() as AddressInfo).port}`, violations, close };
}

function pass(request: http.IncomingMessage, response: http.ServerResponse, origin: string): void {
  const onward = http.request(new URL(request.url ?? '/', origin), { method: request.method, headers: request.headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  // A dropped answer is one of the faults: the caller sees the cut, as it would without us.
  onward.on('error', () => response.destroy());
  request.pipe(onward);
}
