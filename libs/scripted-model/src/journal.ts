import type { Clock } from '@throughline/kernel/clock.js';
import type { Prompt } from './prompt.js';
import type { ChatRequest } from './validation.js';

export interface RecordedRequest {
  /** 1, 2, 3 … since the start or the last reset; `requests(since)` counts by it. */
  seq: number;
  at: string;
  /** The body as it came: messages, tools and all parameters. */
  body: ChatRequest;
  /** The background job that it does (system line `TASK: <name>`); null: a reply to somebody. */
  task: string | null;
  /** `abandoned`: the client went away first. `broken_off`: as scripted. */
  outcome: 'pending' | 'answered' | 'failed' | 'broken_off' | 'abandoned';
  said: string;
  called: { name: string; arguments: string }[];
}

interface Waiter {
  count: number;
  wake: () => void;
}

/** The last requests, so that a test can say what the model was shown and a long-lived sandbox stays small. */
export class Journal {
  private readonly entries: RecordedRequest[] = [];
  private waiters: Waiter[] = [];
  private last = 0;

  constructor(
    private readonly clock: Clock,
    private readonly keep: number,
  ) {}

  open({ request: body, task }: Prompt): RecordedRequest {
    this.last += 1;
    const at = this.clock.now().toISOString();
    const entry: RecordedRequest = { seq: this.last, at, body, task: task ?? null, outcome: 'pending', said: '', called: [] };
    this.entries.push(entry);
    if (this.entries.length > this.keep) this.entries.shift();
    this.wakeThoseReached();
    return entry;
  }

  since(seq = 0): RecordedRequest[] {
    return this.entries.filter((entry) => entry.seq > seq);
  }

  /** Resolves once request number `count` has come, or with `false` after `withinMs`. */
  async reached(count: number, withinMs: number): Promise<boolean> {
    if (this.last >= count) return true;
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.waiters = this.waiters.filter((other) => other !== waiter);
        resolve(false);
      }, withinMs).unref();
      const waiter = { count, wake: () => (clearTimeout(timer), resolve(true)) };
      this.waiters.push(waiter);
    });
  }

  /** Forgets what was recorded and counts from 1 again. */
  clear(): void {
    this.entries.length = 0;
    this.last = 0;
  }

  private wakeThoseReached(): void {
    const ready = this.waiters.filter(({ count }) => count <= this.last);
    this.waiters = this.waiters.filter(({ count }) => count > this.last);
    for (const { wake } of ready) wake();
  }
}
