import { randomUUID } from 'node:crypto';
import { io, type Socket } from 'socket.io-client';
import { eventually } from './eventually.js';
import type { House } from './house.js';

export interface ChatMessageView {
  id: string;
  clientId: string | null;
  cursor: string | null;
  direction: 'inbound' | 'outbound';
  author: { kind: string; name: string | null };
  body: string;
  attachments: { id: string; href: string; state: string; name: string | null; contentType: string | null }[];
  status: string;
  turnId: string | null;
}

export interface ChatPageView {
  messages: ChatMessageView[];
  cursor: string | null;
  hasMore: boolean;
  owner: string;
}

export interface SessionView {
  token: string;
  expiresAt: string;
  refreshToken: string;
  visitorId: string;
  widget: { title: string; greeting: string };
  lead: { name: string | null; email: string | null; phone: string | null; verified: string[] };
}

type Ack = { ok: boolean; problem?: { code: string; detail?: string } } & Record<string, unknown>;

export const SHOP = 'https://shop.example.com';

/** Somebody in front of a page with the widget on it, by the wire that docs/webchat.md writes down. */
export class Visitor {
  session!: SessionView;
  socket: Socket | undefined;
  /** Everything that the sockets of this page were ever told, oldest first. */
  readonly heard: { event: string; what: Record<string, unknown> }[] = [];
  private readonly expected = new Set<string>();

  constructor(
    private readonly house: House,
    readonly widgetKey: string,
    readonly origin = SHOP,
    /** The hub process that this page speaks to. */
    public hub = house.url,
  ) {}

  /** Its address in the record, for what the house's own API says of it. */
  get address(): string {
    return this.session.visitorId;
  }

  async opens(refreshToken?: string): Promise<this> {
    const answer = await this.post('/sessions', { widgetKey: this.widgetKey, ...(refreshToken ? { refreshToken } : {}) }, null);
    if (!answer.ok) throw new Error(`POST /api/chat/sessions: ${answer.status} ${await answer.text()}`);
    this.session = (await answer.json()) as SessionView;
    return this;
  }

  /** Also after a connection that was lost: `heard` goes on. */
  async connects(token = this.session.token): Promise<this> {
    this.socket?.disconnect();
    const socket = io(`${this.hub}/chat`, {
      transports: ['websocket'], auth: { token }, extraHeaders: { Origin: this.origin }, reconnection: false, forceNew: true,
    });
    socket.onAny((event: string, what: Record<string, unknown>) => this.heard.push({ event, what }));
    // Whose connection is lost while it asks has nothing: a page asks again when it has another.
    socket.on('resync', () => void this.asks().catch((error: unknown) => { if (socket.connected) throw error; }));
    this.socket = socket;
    await new Promise<void>((resolve, reject) => {
      socket.once('connect', () => resolve());
      socket.once('connect_error', (error) => reject(Object.assign(error, { code: (error as { data?: { code?: string } }).data?.code })));
    });
    return this;
  }

  /** What a page does that is told that something may have been missed. */
  private async asks(): Promise<void> {
    const page = (await this.emits('sync', { after: null })) as unknown as ChatPageView;
    this.heard.push(...page.messages.map((message) => ({ event: 'message', what: message as unknown as Record<string, unknown> })));
  }

  leaves(): void {
    this.socket?.disconnect();
  }

  async emits(event: string, payload: unknown): Promise<Ack> {
    return (await this.socket!.timeout(90_000).emitWithAck(event, payload)) as Ack;
  }

  /** Over the socket. */
  async says(body: string, clientId: string = randomUUID()): Promise<ChatMessageView> {
    const answer = await this.emits('send', { clientId, body });
    if (!answer.ok) throw new Error(`send: ${JSON.stringify(answer.problem)}`);
    return answer['message'] as ChatMessageView;
  }

  /** Waits for a message of ours on the socket that has not been expected before and says this. */
  async expects(pattern: RegExp, withinMs?: number): Promise<ChatMessageView> {
    const message = await eventually(
      () => `a message to the visitor like ${pattern}; heard ${JSON.stringify(this.heard.map(({ event, what }) => [event, what['body'] ?? what]))}`,
      () => this.told('message').find((each) => each.direction === 'outbound' && !this.expected.has(each.id) && pattern.test(each.body)),
      withinMs,
    );
    this.expected.add(message.id);
    return message;
  }

  told<T = ChatMessageView>(event: string): T[] {
    return this.heard.filter((each) => each.event === event).map(({ what }) => what as T);
  }

  /** What `GET /messages` says. */
  async reads(query = ''): Promise<ChatPageView> {
    const answer = await this.get(`/messages${query}`);
    if (!answer.ok) throw new Error(`GET /api/chat/messages: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as ChatPageView;
  }

  /** `in: hello`, `out: hi` in order. */
  async lines(): Promise<string[]> {
    return (await this.reads()).messages.map(({ direction, body }) => `${direction === 'inbound' ? 'in' : 'out'}: ${body}`);
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(`${this.hub}/api/chat${path}`, { headers: { Origin: this.origin, Authorization: `Bearer ${this.session.token}`, ...headers } });
  }

  /** The bytes as they are. @returns the id under which a message names them */
  async brings(name: string, bytes: Buffer, contentType: string): Promise<Response> {
    return fetch(`${this.hub}/api/chat/attachments?name=${encodeURIComponent(name)}`, {
      method: 'POST', body: new Uint8Array(bytes), headers: { Origin: this.origin, 'Content-Type': contentType, Authorization: `Bearer ${this.session.token}` },
    });
  }

  post(path: string, body: unknown, token: string | null = this.session.token): Promise<Response> {
    return fetch(`${this.hub}/api/chat${path}`, {
      method: 'POST', body: JSON.stringify(body),
      headers: { Origin: this.origin, 'Content-Type': 'application/json', ...(token === null ? {} : { Authorization: `Bearer ${token}` }) },
    });
  }
}
