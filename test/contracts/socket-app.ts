import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import twilio from 'twilio';
import { WebSocketServer, type WebSocket } from 'ws';

/** A ConversationRelay names its frames by `type`, a stream by `event`. */
type Frame = Record<string, unknown> & { type?: string; event?: string };

/** The app's side of a socket of Twilio's: remembers what Twilio sends, and says what it is told to. */
export class SocketApp {
  readonly frames: Frame[] = [];
  readonly closed: { code: number; reason: string }[] = [];
  /** By the real package's own check. */
  readonly genuine: boolean[] = [];
  refuses = false;
  private readonly sockets: WebSocket[] = [];
  private readonly waiting: (() => void)[] = [];

  private constructor(private readonly server: Server, readonly url: string) {}

  static async open(authToken: string, path = '/relay?tenant=a'): Promise<SocketApp> {
    const server = createServer();
    const sockets = new WebSocketServer({ noServer: true });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const app = new SocketApp(server, `ws://127.0.0.1:${(server.address() as AddressInfo).port}${path}`);
    server.on('upgrade', (request, socket, head) => {
      app.genuine.push(twilio.validateRequest(authToken, String(request.headers['x-twilio-signature']), app.url, {}));
      if (app.refuses) return void socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
      sockets.handleUpgrade(request, socket, head, (opened) => app.takes(opened));
    });
    return app;
  }

  /** Says something in these tokens; the last one ends it. */
  says(...tokens: string[]): void {
    for (const [at, token] of tokens.entries()) this.sends({ type: 'text', token, last: at === tokens.length - 1 });
  }

  sends(frame: unknown): void {
    this.sockets.at(-1)!.send(typeof frame === 'string' ? frame : JSON.stringify(frame));
  }

  hangsUp(code?: number): void {
    if (code === undefined) this.sockets.at(-1)!.terminate();
    else this.sockets.at(-1)!.close(code);
  }

  of(type: string): Frame[] {
    return this.frames.filter((frame) => (frame.type ?? frame.event) === type);
  }

  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  /** Of the sockets of an earlier test nothing is remembered any more. */
  forget(): void {
    this.sockets.length = 0;
    for (const list of [this.frames, this.closed, this.genuine]) list.length = 0;
    this.refuses = false;
  }

  close(): Promise<void> {
    for (const socket of this.sockets) socket.terminate();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }

  private takes(socket: WebSocket): void {
    this.sockets.push(socket);
    const wake = (): void => this.waiting.splice(0).forEach((one) => one());
    socket.on('message', (data) => {
      if (!this.sockets.includes(socket)) return;
      this.frames.push(JSON.parse(String(data)) as Frame);
      wake();
    });
    socket.on('close', (code, reason) => {
      if (!this.sockets.includes(socket)) return;
      this.closed.push({ code, reason: String(reason) });
      wake();
    });
  }
}
