import { Refusal } from './hub.js';
import type { Outbox } from './outbox.js';
import { type Enclosed, type Outgoing, stillOutgoing, wordsOf } from './thread.js';
import type { ChatMessage, Words } from './wire.types.js';

/** In milliseconds; doubled from try to try. */
const RETRY_MS = { first: 2_000, most: 30_000 };

interface Surroundings {
  outbox: Outbox;
  isUp: () => boolean;
  /** @throws Refusal */
  send: (words: Words) => Promise<ChatMessage>;
  changed: (all: Outgoing[]) => void;
  /** The hub has it. */
  confirmed: (message: ChatMessage) => void;
}

/** What the visitor has written, on its way to the hub: kept before it is sent, and until the hub has it. */
export class Dispatch {
  all: Outgoing[];
  private isSending = false;
  private retryMs = RETRY_MS.first;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly around: Surroundings) {
    this.all = around.outbox.all();
  }

  add(body: string, attachments: Enclosed[]): void {
    const outgoing: Outgoing = { clientId: uuid(), body, attachments, createdAt: new Date().toISOString(), state: 'waiting', reason: null };
    this.around.outbox.put(outgoing);
    this.set([...this.all, outgoing]);
    void this.run();
  }

  retry(clientId: string): void {
    this.change(clientId, { state: 'waiting', reason: null });
    void this.run();
  }

  discard(clientId: string): void {
    this.around.outbox.remove(clientId);
    this.set(this.all.filter((one) => one.clientId !== clientId));
  }

  /** These are in the thread, by whichever way. */
  settle(messages: readonly ChatMessage[]): void {
    for (const { clientId } of messages) if (clientId) this.around.outbox.remove(clientId);
    const still = stillOutgoing(this.all, messages);
    if (still.length < this.all.length) this.set(still);
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  /** What is kept now. */
  reload(): void {
    this.set(this.around.outbox.all());
  }

  /** One after the other, in the order in which they were written. */
  async run(): Promise<void> {
    if (this.isSending) return;
    this.isSending = true;
    try {
      for (let next = this.next(); next && this.around.isUp(); next = this.next()) if (!(await this.sendOne(next))) break;
    } finally {
      this.isSending = false;
    }
  }

  private next(): Outgoing | undefined {
    return this.all.find(({ state }) => state !== 'failed');
  }

  /** @returns whether the next one may go */
  private async sendOne(outgoing: Outgoing): Promise<boolean> {
    const { clientId } = outgoing;
    this.change(clientId, { state: 'sending' });
    try {
      this.around.confirmed(await this.around.send(wordsOf(outgoing)));
      this.retryMs = RETRY_MS.first;
      return true;
    } catch (error) {
      const refusal = error instanceof Refusal ? error : new Refusal({ status: 0 });
      if (!refusal.isPassing) {
        this.change(clientId, { state: 'failed', reason: refusal.problem.detail ?? null });
        return true;
      }
      this.change(clientId, { state: 'waiting' });
      clearTimeout(this.timer);
      this.timer = setTimeout(() => void this.run(), refusal.retryAfterMs ?? this.retryMs);
      this.retryMs = Math.min(RETRY_MS.most, this.retryMs * 2);
      return false;
    }
  }

  private change(clientId: string, news: Partial<Outgoing>): void {
    const known = this.all.find((one) => one.clientId === clientId);
    if (!known) return;
    const changed = { ...known, ...news };
    this.around.outbox.put(changed);
    this.set(this.all.map((one) => (one === known ? changed : one)));
  }

  private set(all: Outgoing[]): void {
    this.all = all;
    this.around.changed(all);
  }
}

/** `crypto.randomUUID` is there only for pages with TLS. */
function uuid(): string {
  const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
}
