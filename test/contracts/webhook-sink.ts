import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { URLSearchParams } from 'node:url';
import twilio from 'twilio';

export interface Heard {
  method: string;
  path: string;
  params: Record<string, string | string[]>;
  headers: Record<string, string | string[] | undefined>;
  /** By the real package's own check, over the URL as it was configured. */
  genuine: boolean;
}

type Reply = { status?: number; type?: string; body?: string } | 'hang' | 'cut';

/** Where webhooks arrive: remembers each, and answers as it was told for that path. */
export class WebhookSink {
  readonly heard: Heard[] = [];
  private readonly replies = new Map<string, Reply[]>();
  private readonly waiting: (() => void)[] = [];

  private constructor(
    private readonly server: Server,
    readonly origin: string,
  ) {}

  static async open(authToken: string): Promise<WebhookSink> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const sink = new WebhookSink(server, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    server.on('request', (request, response) => {
      const parts: Buffer[] = [];
      request.on('data', (part: Buffer) => parts.push(part));
      request.on('end', () => {
        const path = request.url ?? '/';
        const params = paramsOf(Buffer.concat(parts).toString('utf8'));
        const signature = String(request.headers['x-twilio-signature'] ?? '');
        const genuine = twilio.validateRequest(authToken, signature, sink.origin + path, params);
        sink.heard.push({ method: request.method ?? '', path, params, headers: request.headers, genuine });
        for (const wake of sink.waiting.splice(0)) wake();
        const reply = sink.next(path.split('?')[0]!);
        if (reply === 'hang') return;
        if (reply === 'cut') return void request.socket.destroy();
        response.writeHead(reply.status ?? 200, { 'content-type': reply.type ?? 'text/xml' }).end(reply.body ?? '');
      });
    });
    return sink;
  }

  /** What this path answers: each once, the last one from then on. */
  reply(path: string, ...replies: Reply[]): void {
    this.replies.set(path, replies);
  }

  at(path: string): Heard[] {
    return this.heard.filter((one) => one.path.split('?')[0] === path);
  }

  /** Values of one parameter of all webhooks at a path, in the order in which they came. */
  values(path: string, name: string): unknown[] {
    return this.at(path).map((one) => one.params[name]);
  }

  /** Waits until this many webhooks have come to a path. */
  async until(path: string, count: number): Promise<void> {
    while (this.at(path).length < count) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  forget(): void {
    this.heard.length = 0;
    this.replies.clear();
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.server.close(() => resolve());
      this.server.closeAllConnections();
    });
  }

  private next(path: string): Reply {
    const queue = this.replies.get(path) ?? [];
    return (queue.length > 1 ? queue.shift() : queue[0]) ?? {};
  }
}

function paramsOf(body: string): Record<string, string | string[]> {
  const params: Record<string, string | string[]> = {};
  for (const [name, value] of new URLSearchParams(body)) {
    params[name] = name in params ? [params[name]!, value].flat() : value;
  }
  return params;
}
