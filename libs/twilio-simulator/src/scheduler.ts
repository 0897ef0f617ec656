import { FixedClock, type Clock } from '@throughline/kernel/clock.js';

interface Task {
  dueMs: number;
  order: number;
  kind: TaskKind;
  run: (dueMs: number) => void;
  /** Taken back: it neither runs nor counts. */
  isOff?: true;
}

/** `walk`: a message on its way through its statuses; `later`: timers of conversations, late webhooks, sends of tomorrow. */
type TaskKind = 'walk' | 'later';

/** A status that is due this soon comes by itself; one further away waits for somebody to move the clock. */
const SOON_MS = 2_000;

/** The clock may be moved by others in this process without telling us: look at it at least this often. */
const LOOK_MS = 25;

/** What is to happen at an instant of the injected clock, in the order of those instants. */
export class Scheduler {
  private heap: Task[] = [];
  private order = 0;
  private timer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(private readonly clock: Clock) {}

  /** @returns what takes it back */
  at(dueMs: number, kind: TaskKind, run: (dueMs: number) => void): () => void {
    const task: Task = { dueMs, order: this.order++, kind, run };
    this.push(task);
    this.wait();
    return () => void (task.isOff = true);
  }

  /** Runs all that is due; each task learns when it was due, which after a leap of the clock is not now. */
  runDue(): void {
    for (let task = this.heap[0]; task && task.dueMs <= this.clock.ms(); task = this.heap[0]) {
      this.pop();
      if (!task.isOff) task.run(task.dueMs);
    }
    this.wait();
  }

  /** What happens without anybody's doing: all that is due, and statuses due soon (on a clock that stands still, none). */
  get underWay(): number {
    const now = this.clock.ms();
    const soon = this.clock instanceof FixedClock ? now : now + SOON_MS;
    if (!this.heap[0] || this.heap[0].dueMs > soon) return 0;
    return this.heap.filter((task) => !task.isOff && task.dueMs <= (task.kind === 'walk' ? soon : now)).length;
  }

  /** Waiting for a later instant of the clock. */
  get later(): number {
    const now = this.clock.ms();
    return this.heap.filter((task) => !task.isOff && task.dueMs > now).length;
  }

  clear(): void {
    this.heap = [];
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  close(): void {
    this.closed = true;
    this.clear();
  }

  private wait(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const next = this.heap[0];
    if (!next || this.closed) return;
    const delay = Math.min(Math.max(next.dueMs - this.clock.ms(), 0), LOOK_MS);
    this.timer = setTimeout(() => this.runDue(), delay);
  }

  private push(task: Task): void {
    const heap = this.heap;
    let at = heap.push(task) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(task, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = task;
  }

  private pop(): void {
    const heap = this.heap;
    const last = heap.pop();
    if (!last || heap.length === 0) return;
    let at = 0;
    for (;;) {
      let child = at * 2 + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child += 1;
      if (!before(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }
}

function before(a: Task, b: Task): boolean {
  return a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order);
}
