import { Logger, type OnModuleDestroy } from '@nestjs/common';
import { type OnGatewayInit, WebSocketGateway } from '@nestjs/websockets';
import { Clock } from '@throughline/kernel/clock.js';
import { describe, HubError, invalid } from '@throughline/kernel/errors.js';
import { withLogScope } from '@throughline/kernel/log.js';
import type { Namespace, Socket } from 'socket.io';
import { z } from 'zod';
import { VisitorsService } from '../visitors/visitors.service.js';
import type { ChatSession } from '../visitors/visitors.types.js';
import { ChatLimits } from './chat.limits.js';
import { deliveredSchema, readSchema, renewSchema, sendingSchema, syncSchema, typingSchema } from './chat.schemas.js';
import { ChatService } from './chat.service.js';
import { roomOf } from './chat.types.js';
import { RelayService } from './relay.service.js';
import { ThreadService } from './thread.service.js';

/** How often sockets are looked through for tokens that have run out, in milliseconds. */
const LOOK_MS = 5_000;
const PAGE = 50;
/** Of one visitor, at this process. */
const MOST_TABS = 20;

interface Data {
  session: ChatSession;
  ip: string;
}
type ChatSocket = Socket<never, never, never, Data>;
type Work = (session: ChatSession, payload: unknown, socket: ChatSocket) => Promise<object>;

/** What goes wrong, as it is told to a page: a code for programs, a sentence for people. */
interface Problem {
  code: string;
  detail?: string;
  retryAfterMs?: number;
}

/**
 * The visitors' sockets. Ten thousand of them are idle at a time, so none has a timer, a closure or a listener of its own
 * besides what Socket.IO gives it: handlers are made once, and find their session on the socket.
 */
@WebSocketGateway({ namespace: 'chat' })
export class ChatGateway implements OnGatewayInit<Namespace>, OnModuleDestroy {
  private readonly log = new Logger('Webchat');
  private looks: NodeJS.Timeout | undefined;

  constructor(
    private readonly clock: Clock,
    private readonly visitors: VisitorsService,
    private readonly chat: ChatService,
    private readonly thread: ThreadService,
    private readonly relay: RelayService,
    private readonly limits: ChatLimits,
  ) {}

  afterInit(sockets: Namespace): void {
    const handlers = this.handlers();
    sockets.use(async (socket, next) => {
      const refusal = await this.admit(socket as unknown as ChatSocket).catch((error: unknown) => this.refusal(error));
      next(refusal ?? undefined);
    });
    sockets.on('connection', (socket) => {
      forgetRequest(socket);
      for (const [event, handler] of handlers) socket.on(event, handler);
    });
    this.looks = setInterval(() => this.endExpired(sockets), LOOK_MS);
    this.looks.unref();
    this.relay.serve(sockets);
  }

  onModuleDestroy(): void {
    clearInterval(this.looks);
  }

  private handlers(): [string, (this: Socket, payload: unknown, answer?: unknown) => void][] {
    return Object.entries(this.works()).map(([event, work]) => {
      const { log, clock, limits, visitors } = this;
      return [event, function handle(this: Socket, payload: unknown, answer?: unknown): void {
        const socket = this as unknown as ChatSocket;
        const reply = typeof answer === 'function' ? (answer as (what: object) => void) : () => undefined;
        const { session, ip } = socket.data;
        const done = withLogScope({ tenantId: session.tenantId }, async () => {
          if (session.expiresAt <= clock.now()) throw new HubError('unauthenticated', 'token_expired', 'The token has run out. Ask for a new one.');
          limits.call(ip, session);
          // A connection is open for as long as its page is: the widget may be gone since, or not for that page any more.
          await visitors.widgetAt(session.widgetKey, session.origin);
          return work(session, payload, socket);
        });
        done.then((what) => reply({ ok: true, ...what }), (error: unknown) => reply({ ok: false, problem: problemOf(error, log) }));
      }];
    });
  }

  private works(): Record<string, Work> {
    return {
      send: async (session, payload) => ({ message: (await this.chat.send(session, parsed(sendingSchema, payload))).message }),
      sync: (session, payload) => this.thread.page(session, { after: parsed(syncSchema, payload).after ?? null, limit: PAGE }),
      delivered: async (session, payload) => {
        await this.thread.arrived(session, parsed(deliveredSchema, payload).ids);
        return {};
      },
      read: async (session, payload) => {
        await this.thread.read(session, parsed(readSchema, payload).upTo);
        return {};
      },
      typing: async (session, payload) => {
        await this.visitors.noteTyping(session, parsed(typingSchema, payload).on);
        return {};
      },
      renew: async ({ visitorId }, payload, socket) => {
        const session = await this.visitors.verify(parsed(renewSchema, payload).token, [originOf(socket)]);
        if (session.visitorId !== visitorId) throw new HubError('forbidden', 'forbidden', 'This token is of another visitor.');
        socket.data.session = session;
        return { expiresAt: session.expiresAt.toISOString() };
      },
    };
  }

  private async admit(socket: ChatSocket): Promise<null> {
    const { token } = socket.handshake.auth as { token?: unknown };
    const ip = this.limits.ipOf(socket.request);
    this.limits.call(ip);
    const session = await this.visitors.verify(typeof token === 'string' ? token : '', [originOf(socket)]);
    await this.visitors.visitor(session);
    const room = roomOf({ tenantId: session.tenantId, address: session.visitorId });
    if ((socket.nsp.adapter.rooms.get(room)?.size ?? 0) >= MOST_TABS) throw new HubError('too_many', 'too_many_connections', 'Too many connections of one visitor.');
    Object.assign(socket.data, { session, ip });
    await socket.join(room);
    return null;
  }

  /** Socket.IO hands `data` of a connection's error to the page. */
  private refusal(error: unknown): Error {
    const problem = problemOf(error, this.log);
    return Object.assign(new Error(problem.code), { data: problem });
  }

  private endExpired(sockets: Namespace): void {
    const now = this.clock.now();
    for (const socket of sockets.sockets.values()) {
      if ((socket as unknown as ChatSocket).data.session.expiresAt > now) continue;
      socket.emit('expired', {});
      socket.disconnect(true);
    }
  }
}

/** What the connection was asked for with is a third of what an idle socket costs, and nobody asks for it again. */
function forgetRequest({ conn, handshake }: Socket): void {
  (conn as { request?: unknown }).request = undefined;
  Object.assign(handshake, { headers: { origin: handshake.headers.origin }, auth: {}, query: {} });
}

const originOf = ({ handshake }: ChatSocket): string => handshake.headers.origin ?? '';

function parsed<T extends z.ZodType>(schema: T, payload: unknown): z.output<T> {
  const result = schema.safeParse(payload);
  if (result.success) return result.data;
  throw invalid(result.error.issues.map(({ path, message }) => `${path.join('.') || 'payload'}: ${message}`).join('; '));
}

function problemOf(error: unknown, log: Logger): Problem {
  if (!(error instanceof HubError) || error.kind === 'internal' || error.kind === 'unavailable') {
    log.error(describe(error), error instanceof Error ? error.stack : undefined);
    return { code: error instanceof HubError ? error.code : 'internal' };
  }
  const { code, message: detail, retryAfterMs } = error;
  return { code, detail, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) };
}
