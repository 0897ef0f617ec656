import { Dispatch } from './dispatch.js';
import { type Hub, Refusal } from './hub.js';
import type { Keep } from './keep.js';
import { type Listener, Live } from './live.js';
import { Outbox } from './outbox.js';
import { drafted, type Enclosed, furthest, isLater, merged, type Outgoing, stillDrafts, unreadOf } from './thread.js';
import type { ChatMessage, DraftPiece, Lead, Look, Owner, Session, Typing } from './wire.types.js';

/** In milliseconds. A draft stands until its message is there, or until nothing was heard of it for so long. */
const DRAFT_LASTS_MS = 15_000;
const TYPING_LASTS_MS = 10_000;
const TYPING_TOLD_EVERY_MS = 4_000;
const TYPING_ENDS_MS = 6_000;
/** What came by itself is checked against the hub's list a moment later: a lost event leaves no gap. */
const CHECK_MS = 4_000;
/** While somebody sees the page it looks so often: what the hub's processes could not tell each other shows up then. */
const LOOK_MS = 60_000;
/** After older messages have come; also what a screen reader needs to pass them over. */
const OLDER_REST_MS = 300;
const READ = 'read';
const LOOK = 'look';

export interface ChatState {
  connection: 'idle' | 'connecting' | 'up' | 'down' | 'refused';
  look: Look | null;
  /** Whether the widget may be shown: its looks are known, or cannot be had now. */
  isReady: boolean;
  lead: Lead;
  owner: Owner;
  messages: ChatMessage[];
  hasOlder: boolean;
  isLoadingOlder: boolean;
  outgoing: Outgoing[];
  drafts: DraftPiece[];
  typing: Typing | null;
  readUpTo: string | null;
  /** Whether the thread has been seen once. */
  isLoaded: boolean;
}

const NOBODY: Lead = { name: null, email: null, phone: null, verified: [] };

/** One visitor's conversation in this tab. Everything the hub says comes together here; the view only draws `state`. */
export class Chat implements Listener {
  state: ChatState;
  private readonly watchers = new Set<(state: ChatState) => void>();
  private readonly newcomers = new Set<(message: ChatMessage) => void>();
  private readonly live: Live;
  private readonly dispatch: Dispatch;
  private readonly timers: Record<string, ReturnType<typeof setTimeout> | undefined> = {};
  private visitorId: string | undefined;
  private visit = 0;
  /** Up to here nothing is missing. Only the hub's list moves it. */
  private gapless: string | null = null;
  private isSyncing = false;
  private toldTypingAt = 0;

  constructor(
    private readonly hub: Hub,
    private readonly keep: Keep,
  ) {
    this.live = new Live(hub, this);
    this.dispatch = new Dispatch({
      outbox: new Outbox(keep), isUp: () => this.live.isUp, send: (words) => this.ofThisVisitor(this.live.send(words)),
      changed: (outgoing) => this.set({ outgoing }), confirmed: (message) => this.take([message]),
    });
    const look = keep.read<Look>(LOOK);
    this.state = {
      connection: 'idle', look, isReady: look !== null, lead: NOBODY, owner: 'assistant',
      messages: [], hasOlder: false, isLoadingOlder: false, outgoing: this.dispatch.all, drafts: [], typing: null, readUpTo: keep.get(READ), isLoaded: false,
    };
  }

  watch(told: (state: ChatState) => void): () => void {
    this.watchers.add(told);
    return () => this.watchers.delete(told);
  }

  /** Told of each message of the assistant or of staff that comes while the page is open. */
  onMessage(told: (message: ChatMessage) => void): () => void {
    this.newcomers.add(told);
    return () => this.newcomers.delete(told);
  }

  /** For a page that nobody has written from: its colours, and whether it may have the widget at all. */
  prepare(): void {
    this.hub.look().then((look) => this.set({ look, isReady: true }), (error: unknown) => {
      if (error instanceof Refusal && !error.isPassing) this.refused();
      else this.set({ isReady: true });
    });
  }

  start(): void {
    if (this.state.connection === 'idle') this.set({ connection: 'connecting' });
    this.live.connect();
  }

  stop(): void {
    this.live.close();
    this.dispatch.stop();
    for (const timer of Object.values(this.timers)) clearTimeout(timer);
    this.set({ connection: 'idle' });
  }

  /** Forgets who was here, in this browser; at the hub nothing changes. */
  forget(): void {
    this.stop();
    this.hub.end();
    this.keep.clear();
    this.visitorId = undefined;
    this.beginAnew();
  }

  send(body: string, attachments: Enclosed[] = []): void {
    this.tellTyping(false);
    this.dispatch.add(body, attachments);
    this.start();
  }

  retry(clientId: string): void {
    this.dispatch.retry(clientId);
  }

  discard(clientId: string): void {
    this.dispatch.discard(clientId);
  }

  /** The visitor is typing; told the hub now and then, and taken back when they stop. */
  types(): void {
    if (Date.now() - this.toldTypingAt > TYPING_TOLD_EVERY_MS) this.tellTyping(true);
    this.later('typed', TYPING_ENDS_MS, () => this.tellTyping(false));
  }

  /** The visitor has seen everything that is there. */
  seen(): void {
    const last = unreadOf(this.state.messages, this.state.readUpTo).at(-1);
    if (!last?.cursor) return;
    this.keep.set(READ, last.cursor);
    this.set({ readUpTo: last.cursor });
    this.live.tell('read', { upTo: last.cursor });
  }

  /** What was said before the first message that is here. */
  async older(): Promise<void> {
    const { hasOlder, isLoadingOlder, messages } = this.state;
    const before = messages[0]?.cursor;
    if (!hasOlder || isLoadingOlder || !before) return;
    this.set({ isLoadingOlder: true });
    try {
      const page = await this.ofThisVisitor(this.hub.older(before));
      this.take(page.messages);
      this.set({ hasOlder: page.hasMore });
    } catch {
      // Whoever scrolls up again asks again.
    } finally {
      this.later('older', OLDER_REST_MS, () => this.set({ isLoadingOlder: false }));
    }
  }

  readElsewhere(): void {
    this.set({ readUpTo: this.keep.get(READ) });
  }

  /** The browser says that there is no network. */
  suspect(): void {
    this.live.suspect();
  }

  /** Somebody came back to this tab, or the network did. */
  wake(): void {
    if (this.live.isUp) void this.sync();
    else if (this.state.connection === 'down') this.live.connect();
  }

  up(session: Session): void {
    if (this.visitorId !== undefined && this.visitorId !== session.visitorId) this.beginAnew();
    this.visitorId = session.visitorId;
    this.keep.set(LOOK, JSON.stringify(session.widget));
    this.set({ connection: 'up', look: session.widget, isReady: true, lead: session.lead });
    if (this.state.readUpTo) this.live.tell('read', { upTo: this.state.readUpTo });
    void this.sync();
  }

  down(): void {
    if (this.state.connection !== 'idle') this.set({ connection: 'down', isReady: true, typing: null });
  }

  refused(): void {
    this.set({ connection: 'refused' });
  }

  pulse(): void {
    void this.sync();
  }

  message(message: ChatMessage): void {
    this.take([message]);
    this.later('check', CHECK_MS, () => void this.sync());
  }

  status({ id, status }: Pick<ChatMessage, 'id' | 'status'>): void {
    this.set({ messages: this.state.messages.map((one) => (one.id === id ? { ...one, status: furthest(one.status, status) } : one)) });
  }

  draft(piece: DraftPiece): void {
    if (this.state.owner !== 'assistant') return;
    this.set({ drafts: stillDrafts(drafted(this.state.drafts, piece), this.state.messages), typing: null });
    this.later('draft', DRAFT_LASTS_MS, () => this.set({ drafts: [] }));
  }

  draftEnd(turnId: string, said: boolean): void {
    if (!said) this.set({ drafts: this.state.drafts.filter((draft) => draft.turnId !== turnId) });
  }

  typing(typing: Typing): void {
    this.set({ typing: typing.on ? typing : null });
    this.later('typing', TYPING_LASTS_MS, () => this.set({ typing: null }));
  }

  owner(owner: Owner): void {
    this.set({ owner, ...(owner === 'assistant' ? {} : { drafts: [] }) });
  }

  lead(lead: Lead): void {
    this.set({ lead });
  }

  private take(messages: ChatMessage[]): void {
    const { messages: known, isLoaded } = this.state;
    const newest = known.findLast(({ cursor }) => cursor !== null)?.cursor ?? null;
    const fresh = messages.filter(({ id, direction, cursor }) => direction === 'outbound' && isLater(cursor, newest) && !known.some((one) => one.id === id));
    const all = merged(known, messages);
    this.set({ messages: all, drafts: stillDrafts(this.state.drafts, all), ...(fresh.length > 0 ? { typing: null } : {}) });
    this.dispatch.settle(messages);
    if (isLoaded) for (const message of fresh) for (const told of this.newcomers) told(message);
  }

  /** From the last place without a gap to the end. */
  private async sync(): Promise<void> {
    if (this.isSyncing) return;
    this.isSyncing = true;
    try {
      for (let hasMore = true; hasMore;) {
        const after = this.gapless;
        const page = await this.ofThisVisitor(this.live.sync(after));
        this.take(page.messages);
        if (page.owner) this.owner(page.owner);
        if (after === null) this.set({ hasOlder: page.hasMore });
        this.gapless = page.cursor ?? after;
        hasMore = page.hasMore && this.gapless !== after;
      }
      this.set({ isLoaded: true });
      void this.dispatch.run();
    } catch (error) {
      // A connection that broke begins with this again.
      if (this.live.isUp) this.later('check', error instanceof Refusal ? (error.retryAfterMs ?? CHECK_MS) : CHECK_MS, () => void this.sync());
    } finally {
      this.isSyncing = false;
      this.later('look', LOOK_MS, () => this.look());
    }
  }

  private look(): void {
    if (this.live.isUp && document.visibilityState === 'visible') void this.sync();
  }

  private tellTyping(on: boolean): void {
    if (!on && this.toldTypingAt === 0) return;
    this.toldTypingAt = on ? Date.now() : 0;
    this.live.tell('typing', { on });
  }

  /** What comes late, and was for somebody who is not here any more, is shown to nobody. */
  private async ofThisVisitor<T>(answer: Promise<T>): Promise<T> {
    const { visit } = this;
    const result = await answer;
    if (visit !== this.visit) throw new Refusal({ status: 0 });
    return result;
  }

  private beginAnew(): void {
    this.visit += 1;
    this.gapless = null;
    this.keep.remove(READ);
    this.set({ messages: [], drafts: [], typing: null, readUpTo: null, isLoaded: false, hasOlder: false, lead: NOBODY });
    this.dispatch.reload();
  }

  private later(name: string, ms: number, action: () => void): void {
    clearTimeout(this.timers[name]);
    this.timers[name] = setTimeout(action, ms);
  }

  private set(news: Partial<ChatState>): void {
    this.state = { ...this.state, ...news };
    for (const told of this.watchers) told(this.state);
  }
}
