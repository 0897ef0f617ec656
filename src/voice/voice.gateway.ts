import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { Injectable, Logger, type OnApplicationBootstrap, type OnApplicationShutdown } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { describe } from '@throughline/kernel/errors.js';
import { withLogScope } from '@throughline/kernel/log.js';
import { isSignedByTwilio } from '@throughline/twilio/signature.js';
import { WebSocketServer, type WebSocket } from 'ws';
import { AppConfig } from '../app.config.js';
import { CallsService } from '../calls/calls.service.js';
import { noteRefused } from '../tenancy/tenancy.guard.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import { VoiceService } from './voice.service.js';
import type { Engine, Found } from './voice.types.js';

const PATH = /^\/voice\/([a-z]{1,20})\/([A-Za-z0-9_-]{16,64})$/;
/** Twilio's frames are a sentence long, or a fiftieth of a second. */
const LARGEST_FRAME = 64_000;
const MOST_MALFORMED = 20;

const POLICY_VIOLATION = 1008;

/** Twilio's sockets of phone calls: one for a call, its token in the address, its address signed. Whichever engine it is for attends it. */
@Injectable()
export class VoiceGateway implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly log = new Logger('Voice');
  private readonly sockets = new WebSocketServer({ noServer: true, maxPayload: LARGEST_FRAME, perMessageDeflate: false });

  constructor(
    private readonly host: HttpAdapterHost,
    private readonly config: AppConfig,
    private readonly tenancy: TenancyService,
    private readonly calls: CallsService,
    private readonly voice: VoiceService,
  ) {}

  onApplicationBootstrap(): void {
    const server = this.host.httpAdapter.getHttpServer() as Server;
    server.on('upgrade', (request, socket, head) => {
      const [path = ''] = (request.url ?? '').split('?');
      if (path.startsWith('/voice/')) void this.admit(request, socket, head, PATH.exec(request.url ?? '') ?? []);
    });
  }

  onApplicationShutdown(): void {
    for (const socket of this.sockets.clients) socket.close(1001);
    this.sockets.close();
  }

  /** Whatever is wrong with it, the answer is the same. */
  private async admit(request: IncomingMessage, socket: Duplex, head: Buffer, [, path = '', token]: readonly string[]): Promise<void> {
    socket.on('error', () => undefined);
    const engine = this.voice.engineAt(path);
    const found = engine && token !== undefined && this.isSigned(request) ? await this.calls.ofToken(token).catch((error: unknown) => this.unavailable(error)) : null;
    if (!engine || !found) {
      noteRefused(engine ? `/voice/${path}` : '/voice');
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    this.sockets.handleUpgrade(request, socket, head, (opened) => {
      withLogScope({ tenantId: found.tenantId }, () => this.attend(opened, found, engine));
    });
  }

  private isSigned({ url = '', headers }: IncomingMessage): boolean {
    const { accountSid } = this.config.twilio;
    const signature = headers['x-twilio-signature'];
    return isSignedByTwilio({
      url: this.config.publicBaseUrl.replace(/^http/, 'ws') + url, signature: Array.isArray(signature) ? undefined : signature, rawBody: Buffer.alloc(0), contentType: undefined,
    }, this.tenancy.authTokens(accountSid));
  }

  private unavailable(error: unknown): null {
    this.log.error(`a socket of a call is refused: ${describe(error)}`);
    return null;
  }

  private attend(socket: WebSocket, found: Found, { sockets }: Required<Engine>): void {
    const session = sockets.open(found, socket);
    const gauge = new Gauge(sockets.framesPerSecond);
    socket.on('message', (data, isBinary) => {
      if (!gauge.admits()) return socket.close(POLICY_VIOLATION, 'too many frames');
      if (!isBinary && session.take(String(data))) return undefined;
      this.log.warn(`a frame of call ${found.callSid} is not what Twilio sends`);
      if (gauge.malformed() > MOST_MALFORMED) socket.close(POLICY_VIOLATION, 'too many malformed frames');
    });
    // A frame that is too large closes it with an error first.
    socket.on('error', () => undefined);
    socket.on('close', (code) => session.closed(code));
  }
}

/** How much one socket says. */
class Gauge {
  private frames = 0;
  private second = 0;
  private odd = 0;

  constructor(private readonly most: number) {}

  admits(): boolean {
    const now = Math.floor(performance.now() / 1_000);
    if (now !== this.second) this.frames = 0;
    this.second = now;
    return ++this.frames <= this.most;
  }

  malformed(): number {
    return ++this.odd;
  }
}
