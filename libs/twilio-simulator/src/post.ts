import { Agent as HttpAgent, request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

interface Outgoing {
  url: string;
  method: 'GET' | 'POST';
  body: string;
  headers: Record<string, string>;
  connectMs: number;
  totalMs: number;
}

export interface Answered {
  status: number;
  contentType: string;
  body: string;
  /** Whether there was more than Twilio reads. */
  isCut: boolean;
  /** Where a redirect leads. */
  location: string | null;
}

/** `ct`: no connection came about; `rt`: connected, but no whole answer in time. */
export class PostFailure extends Error {
  constructor(
    readonly kind: 'ct' | 'rt',
    message: string,
  ) {
    super(message);
  }
}

/** Answers beyond this are cut: Twilio refuses TwiML above 64 kB (error 11750). */
const BODY_LIMIT = 64 * 1_024;

/**
 * An idle connection is given up after this long: before the hub's server does (5 s in Node), which would otherwise
 * now and then close one under a webhook that is just being written.
 */
const IDLE_MS = 2_000;

/** Connections to the hub, kept open: a fresh one for each webhook would run out of ports in a bench. */
export class Poster {
  private readonly http = new HttpAgent({ keepAlive: true, maxSockets: 256, timeout: IDLE_MS });
  private readonly https = new HttpsAgent({ keepAlive: true, maxSockets: 256, timeout: IDLE_MS });

  send(outgoing: Outgoing): Promise<Answered> {
    return new Promise((resolve, reject) => {
      const secure = outgoing.url.startsWith('https:');
      const request = (secure ? httpsRequest : httpRequest)(outgoing.url, {
        method: outgoing.method,
        agent: secure ? this.https : this.http,
        headers: {
          ...outgoing.headers,
          ...(outgoing.method === 'POST' ? { 'Content-Length': Buffer.byteLength(outgoing.body) } : {}),
        },
      });
      let connected = false;
      let connecting: NodeJS.Timeout | undefined;
      const expire = (why: string, ms: number): NodeJS.Timeout => setTimeout(() => request.destroy(new Error(why)), ms);
      const whole = expire(`no answer within ${outgoing.totalMs} ms`, outgoing.totalMs);
      request.on('socket', (socket) => {
        connected = !socket.connecting;
        if (connected) return;
        connecting = expire(`no connection within ${outgoing.connectMs} ms`, outgoing.connectMs);
        socket.once(secure ? 'secureConnect' : 'connect', () => {
          connected = true;
          clearTimeout(connecting);
        });
      });
      const done = (): void => [connecting, whole].forEach((timer) => clearTimeout(timer));
      const fail = (error: Error): void => {
        done();
        reject(new PostFailure(connected ? 'rt' : 'ct', error.message || String(error)));
      };
      request.on('error', fail);
      request.on('response', (response) => collect(response, (answered) => (done(), resolve(answered)), fail));
      request.end(outgoing.method === 'POST' ? outgoing.body : undefined);
    });
  }

  close(): void {
    this.http.destroy();
    this.https.destroy();
  }
}

function collect(response: IncomingMessage, done: (answered: Answered) => void, fail: (error: Error) => void): void {
  const parts: Buffer[] = [];
  response.on('data', (part: Buffer) => parts.push(part));
  response.on('error', fail);
  response.on('end', () => {
    const bytes = Buffer.concat(parts);
    done({
      status: response.statusCode ?? 0,
      contentType: response.headers['content-type'] ?? '',
      body: bytes.subarray(0, BODY_LIMIT).toString('utf8'),
      isCut: bytes.length > BODY_LIMIT,
      location: response.headers.location ?? null,
    });
  });
}
