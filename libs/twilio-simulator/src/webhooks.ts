import { randomUUID } from 'node:crypto';
import type { Clock } from '@throughline/kernel/clock.js';
import type { Accounts } from './accounts.js';
import type { PendingHook } from './entities.js';
import type { Fault, Faults } from './faults.js';
import type { Feed } from './feed.js';
import { overridesOf, type AttemptFailure, type ConnectionOverrides } from './overrides.js';
import { Poster, PostFailure, type Answered } from './post.js';
import { report } from './report.js';
import { Ring } from './ring.js';
import type { Scheduler } from './scheduler.js';
import { newSid } from './sids.js';
import { hookHeaders, signedHook } from './signed-hook.js';
import { withoutFragment, type HookParams } from './signature.js';
import type { Store } from './store.js';
import type { Switches } from './switches.js';

export interface WebhookEntry {
  id: number;
  at: string;
  url: string;
  event: string;
  params: HookParams;
  signature: string | null;
  /** Null while under way and where no answer came. */
  status: number | null;
  ms: number | null;
  attempt: number;
  token: string;
  fault?: string;
  error?: string;
}

type NewHook = Omit<PendingHook, 'sid' | 'token' | 'fallbackUrl' | 'fallbackMethod' | 'messageSid'> &
  Partial<Pick<PendingHook, 'token' | 'fallbackUrl' | 'fallbackMethod' | 'messageSid'>>;

/** What the answer to a webhook sets in motion: TwiML to carry out, say. */
type AnswerListener = (hook: PendingHook, answered: Answered) => void;

interface House {
  clock: Clock;
  accounts: Accounts;
  store: Store;
  faults: Faults;
  feed: Feed;
  scheduler: Scheduler;
  switches: Switches;
}

const LOG_LIMIT = 5_000;

/** Signs and sends webhooks, keeps the promised ones over a restart, and spoils them where a fault says so. */
export class Webhooks {
  readonly log = new Ring<WebhookEntry>(LOG_LIMIT);
  private readonly poster = new Poster();
  private readonly chains = new Map<string, Promise<unknown>>();
  private readonly held = new Map<string, PendingHook[]>();
  private readonly listeners: AnswerListener[] = [];
  private underWay = 0;
  private closed = false;

  constructor(private readonly house: House) {}

  get inFlight(): number {
    return this.underWay;
  }

  /** Collected by a `webhook-reordered` fault that waits for more. */
  get holding(): number {
    return [...this.held.values()].reduce((sum, list) => sum + list.length, 0);
  }

  onAnswer(listener: AnswerListener): void {
    this.listeners.push(listener);
  }

  send(hook: NewHook): void {
    this.dispatch(this.house.store.hooks.save(whole(hook)));
  }

  /** Counts as under way until it is done: what decides, a moment later, which webhooks there will be. */
  track(work: Promise<unknown>): void {
    this.underWay += 1;
    void work.catch(report).finally(() => (this.underWay -= 1));
  }

  /** Sends what the last run left unanswered. */
  resume(): void {
    for (const hook of this.house.store.hooks.all()) this.enqueue(hook, () => this.deliver(hook));
  }

  /** Posts and waits: for pre-action hooks, whose answer decides. No faults, no second try. */
  async ask(hook: NewHook): Promise<Answered | undefined> {
    const row = whole(hook);
    this.underWay += 1;
    try {
      return await this.attempt(row, this.limits(row), 1);
    } catch {
      return undefined;
    } finally {
      this.underWay -= 1;
    }
  }

  /** Posts and waits for the answer that says what comes next, as TwiML does. Faults spoil it too; a restart forgets it. */
  async exchange(hook: NewHook): Promise<Answered | undefined> {
    const row = whole(hook);
    const fault = this.house.faults.forHook(row);
    if (fault) this.house.feed.emit('fault', fault);
    if (fault?.kind === 'webhook-lost') return this.lose(row);
    if (fault?.kind === 'webhook-late') {
      const due = this.house.clock.ms() + (fault.delayMs ?? 1_000);
      await new Promise<void>((resolve) => this.house.scheduler.at(due, 'later', () => resolve()));
    }
    const copies = Array.from({ length: fault?.kind === 'webhook-duplicate' ? (fault.copies ?? 2) : 1 });
    const answers = Promise.all(copies.map(() => this.persist(row, fault?.kind)));
    this.track(answers);
    return (await answers)[0];
  }

  /** Lets go what removed faults were still holding, in its own order. */
  releaseOrphans(faults: Fault[]): void {
    for (const [id, hooks] of this.held) {
      if (faults.some((fault) => fault.id === id)) continue;
      this.held.delete(id);
      for (const hook of hooks) this.enqueue(hook, () => this.deliver(hook));
    }
  }

  reset(): void {
    this.held.clear();
    this.log.clear();
  }

  close(): void {
    this.closed = true;
    this.poster.close();
  }

  private dispatch(hook: PendingHook): void {
    const fault = this.house.faults.forHook(hook);
    if (fault) this.house.feed.emit('fault', fault);
    switch (fault?.kind) {
      case 'webhook-lost':
        return this.lose(hook);
      case 'webhook-late': {
        const later = (): void => this.enqueue({ ...hook, chain: null }, () => this.deliver(hook, fault.kind));
        this.house.scheduler.at(this.house.clock.ms() + (fault.delayMs ?? 1_000), 'later', later);
        return;
      }
      case 'webhook-reordered':
        return this.hold(hook, fault);
      case 'webhook-duplicate': {
        const copies = Array.from({ length: fault.copies ?? 2 });
        return this.enqueue(hook, () => Promise.all(copies.map((_, copy) => this.deliver(hook, fault.kind, copy > 0))));
      }
      default:
        return this.enqueue(hook, () => this.deliver(hook, fault?.kind));
    }
  }

  private lose(hook: PendingHook): undefined {
    this.entry(hook, { signature: null, fault: 'webhook-lost', attempt: 0 });
    this.house.store.hooks.remove(hook.sid);
  }

  private hold(hook: PendingHook, fault: Fault): void {
    const hooks = [...(this.held.get(fault.id) ?? []), hook];
    this.held.set(fault.id, hooks);
    if (hooks.length < (fault.hold ?? fault.order?.length ?? 2)) return;
    this.held.delete(fault.id);
    this.house.faults.spend(fault);
    const order = fault.order ?? hooks.map((_, at) => hooks.length - 1 - at);
    const named = order.flatMap((at) => hooks[at] ?? []);
    const inOrder = [...named, ...hooks.filter((one) => !named.includes(one))];
    this.track(inOrder.reduce<Promise<unknown>>(
      (before, one) => before.then(() => this.deliver(one, fault.kind)), Promise.resolve(),
    ));
  }

  /** Webhooks of one chain (one message, one conversation) go out one after the other, as they came to be. */
  private enqueue(hook: PendingHook, work: () => Promise<unknown>): void {
    this.underWay += 1;
    const before = (hook.chain && this.chains.get(hook.chain)) || Promise.resolve();
    const mine = before.then(work).finally(() => {
      this.underWay -= 1;
      if (hook.chain && this.chains.get(hook.chain) === mine) this.chains.delete(hook.chain);
    });
    if (hook.chain) this.chains.set(hook.chain, mine);
  }

  private async deliver(hook: PendingHook, fault?: string, silent = false): Promise<void> {
    const answered = await this.persist(hook, fault);
    // A closing simulator leaves the row where it is: the next start sends it.
    if (this.closed && !answered) return;
    this.house.store.hooks.remove(hook.sid);
    if (silent || this.closed) return;
    if (answered && answered.status < 400) for (const listener of this.listeners) listener(hook, answered);
    else if (hook.fallbackUrl) this.fallBack(hook, answered);
  }

  /** One try, and as many more as the connection overrides or the retry switch allow. */
  private async persist(hook: PendingHook, fault?: string): Promise<Answered | undefined> {
    const limits = this.limits(hook);
    for (let attempt = 1; ; attempt += 1) {
      let failure: AttemptFailure | undefined;
      try {
        const answered = await this.attempt(hook, limits, attempt, fault);
        failure = answered.status >= 500 ? '5xx' : answered.status >= 400 ? '4xx' : undefined;
        if (!failure || attempt > limits.retries || !this.worthRetrying(hook, limits, failure, answered.status)) return answered;
      } catch (error) {
        failure = error instanceof PostFailure ? error.kind : 'ct';
        if (this.closed || attempt > limits.retries || !this.worthRetrying(hook, limits, failure)) return undefined;
      }
    }
  }

  private worthRetrying(hook: PendingHook, limits: ConnectionOverrides, failure: AttemptFailure, status = 0): boolean {
    if (hook.family !== 'conversations') return limits.retryOn(failure);
    return failure === 'ct' || failure === 'rt' || [429, 503, 504].includes(status);
  }

  /** The fragment's wishes count for messaging webhooks; Conversations hooks ignore them (facts C.1, C.9). */
  private limits(hook: PendingHook): ConnectionOverrides {
    const { messagingTimeoutMs, conversationsTimeoutMs, voiceTimeoutMs, hookRetries } = this.house.switches;
    if (hook.family !== 'conversations') return overridesOf(hook.url, hook.family === 'voice' ? voiceTimeoutMs : messagingTimeoutMs);
    return {
      connectMs: conversationsTimeoutMs, totalMs: conversationsTimeoutMs, retries: hookRetries, retryOn: () => false,
    };
  }

  private async attempt(
    hook: PendingHook, limits: ConnectionOverrides, attempt: number, fault?: string,
  ): Promise<Answered> {
    const params = hook.family === 'conversations' ? { ...hook.params, RetryCount: String(attempt - 1) } : hook.params;
    const token = this.house.accounts.get(hook.accountSid)?.authToken ?? '';
    const { url, body, signature } = signedHook({ ...hook, params }, token, fault);
    const entry = this.entry({ ...hook, url, params }, { signature, attempt, ...(fault ? { fault } : {}) });
    const started = performance.now();
    try {
      const headers = hookHeaders(hook, signature);
      const answered = await this.poster.send({
        url, method: hook.method, body, headers, connectMs: limits.connectMs, totalMs: limits.totalMs,
      });
      entry.status = answered.status;
      return answered;
    } catch (error) {
      entry.error = error instanceof Error ? error.message : String(error);
      throw error;
    } finally {
      entry.ms = Math.round((performance.now() - started) * 10) / 10;
      this.house.feed.emit('webhook', entry);
    }
  }

  private fallBack(hook: PendingHook, answered: Answered | undefined): void {
    const ErrorCode = answered ? '11200' : '11205';
    this.send({
      ...hook, token: randomUUID(), url: hook.fallbackUrl!, method: hook.fallbackMethod, fallbackUrl: null,
      params: { ...hook.params, ErrorCode, ErrorUrl: withoutFragment(hook.url) },
    });
  }

  private entry(hook: PendingHook, extra: { signature: string | null; attempt: number; fault?: string }): WebhookEntry {
    const { event, params, token } = hook;
    const at = this.house.clock.now().toISOString();
    return this.log.push({
      at, url: withoutFragment(hook.url), event, params, status: null, ms: null, token, ...extra,
    });
  }
}

const whole = (hook: NewHook): PendingHook => ({
  token: randomUUID(), fallbackUrl: null, fallbackMethod: 'POST', messageSid: null, ...hook, sid: newSid('HK'),
});
