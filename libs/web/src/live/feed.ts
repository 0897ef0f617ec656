export const FEED_EVENTS = ['message', 'status', 'call', 'heard', 'conversation', 'request', 'webhook', 'phone', 'clock', 'fault', 'reset'] as const;
export type FeedEvent = (typeof FEED_EVENTS)[number];
export type FeedState = 'connecting' | 'open' | 'lost';

type Listener = (event: FeedEvent | 'open', data: unknown) => void;

const RECONNECT_MS = 1_500;

/** One stream of events for the whole page; it comes back by itself, and says `open` so that everybody reads anew. */
export class Feed {
  private readonly listeners = new Set<Listener>();
  private readonly watchers = new Set<() => void>();
  private source: EventSource | undefined;
  private timer: number | undefined;
  private current: FeedState = 'connecting';

  constructor(private readonly url: string) {}

  readonly state = (): FeedState => this.current;

  readonly watch = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  start(): () => void {
    this.connect();
    return () => {
      window.clearTimeout(this.timer);
      this.source?.close();
    };
  }

  private connect(): void {
    const source = new EventSource(this.url);
    this.source = source;
    source.addEventListener('open', () => {
      this.become('open');
      this.tell('open', undefined);
    });
    source.addEventListener('error', () => {
      this.become('lost');
      // The browser tries again by itself after a broken stream, but never after an answer such as 502.
      if (source.readyState === EventSource.CLOSED) this.timer = window.setTimeout(() => this.connect(), RECONNECT_MS);
    });
    for (const event of FEED_EVENTS) {
      source.addEventListener(event, ({ data }: MessageEvent<string>) => this.tell(event, data === '' ? undefined : JSON.parse(data)));
    }
  }

  /** Also for what the page itself has brought about and nobody else reports. */
  tell(event: FeedEvent | 'open', data: unknown): void {
    for (const listener of this.listeners) listener(event, data);
  }

  private become(state: FeedState): void {
    if (state === this.current) return;
    this.current = state;
    for (const watcher of this.watchers) watcher();
  }
}
