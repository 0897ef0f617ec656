import { type Hub, Refusal } from './hub.js';
import { ChatSocket, TurnedAway } from './socket.js';
import type { ChatMessage, DraftPiece, Lead, MessagePage, Owner, Problem, Session, Typing, Words } from './wire.types.js';

/** In milliseconds. */
const DELAY = { first: 500, most: 15_000 };
/** Where the network lets no socket through, the thread is asked for so often. */
const POLL_MS = 5_000;
const MISSES_BEFORE_POLLING = 2;
/** A page that the hub does not want asks again so often: its owner may be about to enter it. */
const REFUSED_MS = 60_000;
/** A token holds for 15 minutes. */
const RENEW_MS = 14 * 60_000;
/** All widgets of a hub are told at once to look again. */
const RESYNC_MS = 3_000;

export interface Listener {
  up(session: Session): void;
  down(): void;
  /** The hub does not want this page. */
  refused(): void;
  /** Time to look, where nothing is told. */
  pulse(): void;
  message(message: ChatMessage): void;
  status(news: Pick<ChatMessage, 'id' | 'status'>): void;
  draft(piece: DraftPiece): void;
  draftEnd(turnId: string, said: boolean): void;
  typing(typing: Typing): void;
  owner(owner: Owner): void;
  lead(lead: Lead): void;
}

type Answer<T> = ({ ok: true } & T) | { ok: false; problem: Problem };

/** The line to the hub: a socket, made again for as long as it takes; plain HTTP where there can be none. */
export class Live {
  private socket: ChatSocket | undefined;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private renewal: ReturnType<typeof setTimeout> | undefined;
  private session: Session | undefined;
  private isWanted = false;
  private isTrying = false;
  private isPolling = false;
  private misses = 0;

  constructor(
    private readonly hub: Hub,
    private readonly listener: Listener,
  ) {}

  get isUp(): boolean {
    return this.isPolling || this.socket?.isUp === true;
  }

  /** Begins, or hurries up the next try. */
  connect(): void {
    this.isWanted = true;
    if (!this.socket?.isUp) void this.attempt();
  }

  close(): void {
    this.isWanted = false;
    this.isPolling = false;
    clearTimeout(this.timer);
    clearTimeout(this.renewal);
    this.socket?.close();
    this.socket = undefined;
  }

  /** Gives up a connection that may be dead, for another one. */
  suspect(): void {
    this.socket?.close();
  }

  /** @throws Refusal */
  sync(after: string | null): Promise<MessagePage> {
    return this.socket?.isUp ? this.ask<MessagePage>('sync', { after }) : this.hub.messages(after);
  }

  /** @throws Refusal */
  async send(words: Words): Promise<ChatMessage> {
    return this.socket?.isUp ? (await this.ask<{ message: ChatMessage }>('send', words)).message : this.hub.post(words);
  }

  tell(event: 'typing' | 'read' | 'delivered', what: unknown): void {
    if (this.socket?.isUp) this.socket.tell(event, what);
    else if (event === 'read' && this.isPolling) this.hub.read(what).catch(() => undefined);
  }

  private async ask<T>(event: string, what: unknown): Promise<T> {
    const answer = await this.socket!.ask<Answer<T>>(event, what);
    if (!answer) {
      // A hub that is there answers at once: this connection is dead, and nobody has noticed.
      this.suspect();
      throw new Refusal({ status: 0 });
    }
    if (answer.ok) return answer;
    const refusal = new Refusal(answer.problem);
    if (refusal.isStale) void this.renew(refusal.isEnded);
    throw refusal;
  }

  private async attempt(): Promise<void> {
    if (this.isTrying) return;
    this.isTrying = true;
    clearTimeout(this.timer);
    try {
      this.session = await this.hub.session();
      this.socket = new ChatSocket(this.hub.origin, this.events(), () => this.lost());
      await this.socket.open(this.session.token);
      this.misses = 0;
      this.isPolling = false;
      this.renewInTime();
      if (this.isWanted) this.listener.up(this.session);
      else this.close();
    } catch (error) {
      await this.missed(error);
    } finally {
      this.isTrying = false;
    }
  }

  /** What became of a try: no for good, no to this token, or nobody there. */
  private async missed(reason: unknown): Promise<void> {
    this.socket = undefined;
    this.misses += 1;
    const refusal = refusalIn(reason);
    if (refusal && !refusal.isPassing) {
      this.isPolling = false;
      this.listener.refused();
      this.again(REFUSED_MS);
      return;
    }
    if (refusal?.isStale) await this.hub.renew(this.session?.token ?? '', refusal.isEnded).catch(() => undefined);
    else if (!refusal && this.misses >= MISSES_BEFORE_POLLING) await this.poll();
    if (!this.isPolling) this.listener.down();
    this.again(refusal?.retryAfterMs);
  }

  private async poll(): Promise<void> {
    const isThere = await this.hub.messages(null, 1).then(() => true, () => false);
    if (isThere && this.isPolling) this.listener.pulse();
    if (isThere && !this.isPolling) this.listener.up(this.session!);
    this.isPolling = isThere && this.isWanted;
  }

  private lost(): void {
    if (!this.isWanted) return;
    this.listener.down();
    this.again(DELAY.first * Math.random());
  }

  private again(afterMs?: number): void {
    if (!this.isWanted) return;
    clearTimeout(this.timer);
    const backoff = Math.min(this.isPolling ? POLL_MS : DELAY.most, DELAY.first * 2 ** Math.min(this.misses, 10));
    // A hub that was away does not find all of its widgets at the door at once.
    this.timer = setTimeout(() => void this.attempt(), afterMs ?? backoff * (0.5 + Math.random()));
  }

  /** The connection goes on under the new token. Where it is too late for that, another one is made. */
  private async renew(isEnded = false): Promise<void> {
    const session = await this.hub.renew(this.session?.token ?? '', isEnded).catch(() => undefined);
    if (!session) return;
    this.renewInTime();
    const isSame = session.visitorId === this.session?.visitorId;
    this.session = session;
    const answer = isSame ? await this.socket?.ask<Answer<object>>('renew', { token: session.token }) : undefined;
    if (!answer?.ok) this.socket?.close();
  }

  private renewInTime(): void {
    clearTimeout(this.renewal);
    this.renewal = setTimeout(() => void this.renew(), RENEW_MS);
  }

  private events(): ConstructorParameters<typeof ChatSocket>[1] {
    const { listener } = this;
    return {
      message: (message: ChatMessage) => {
        listener.message(message);
        if (message.direction === 'outbound') this.tell('delivered', { ids: [message.id] });
      },
      status: (news: Pick<ChatMessage, 'id' | 'status'>) => listener.status(news),
      draft: (piece: DraftPiece) => listener.draft(piece),
      draft_end: ({ turnId, said }: { turnId: string; said: boolean }) => listener.draftEnd(turnId, said),
      typing: (typing: Typing) => listener.typing(typing),
      owner: ({ owner }: { owner: Owner }) => listener.owner(owner),
      lead: (lead: Lead) => listener.lead(lead),
      resync: () => void setTimeout(() => listener.pulse(), RESYNC_MS * Math.random()),
      expired: () => void this.renew(),
    };
  }
}

function refusalIn(error: unknown): Refusal | undefined {
  if (error instanceof TurnedAway) return new Refusal(error.problem);
  return error instanceof Refusal ? error : undefined;
}
