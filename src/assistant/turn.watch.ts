import type { Conversation } from '../conversations/conversations.types.js';
import type { Turn } from './assistant.types.js';

/** Patience of one turn, in milliseconds of real time: moving the clock of the house must not cut answers off. */
export class TurnLimits {
  readonly wholeMs: number = 60_000;
  /** Nobody stays on the phone for longer without an answer. */
  readonly liveMs: number = 20_000;
  readonly checkEveryMs: number = 1_000;
  /** Rounds in which the model may use tools, before it has to answer. */
  readonly toolRounds: number = 4;
}

/** Whether the assistant may still speak. In a call a text that comes meanwhile is answered in the next turn: nobody breaks off in the middle of a sentence. */
export const hasTheWord = ({ epoch }: Pick<Turn, 'epoch'>, conversation: Conversation | null): boolean => conversation?.owner === 'assistant' && conversation.epoch === epoch;

export type StopReason = 'stale' | 'too_long';

/**
 * Stops the thinking when it is no longer wanted: a newer message, another owner, or no time left. It looks
 * about once a second, because each look is a query.
 */
export class TurnWatch {
  private readonly controller = new AbortController();
  private readonly deadline: NodeJS.Timeout;
  private readonly looks: NodeJS.Timeout;
  private looking = false;
  private why: StopReason | undefined;

  constructor(
    private readonly isCurrent: () => Promise<boolean>,
    limits: Pick<TurnLimits, 'wholeMs' | 'checkEveryMs'>,
    /** Somebody else ends it: the caller speaks, or is gone. */
    calledOff?: AbortSignal,
  ) {
    this.deadline = setTimeout(() => this.halt('too_long'), limits.wholeMs);
    this.looks = setInterval(() => void this.look(), limits.checkEveryMs);
    if (calledOff?.aborted) this.halt('stale');
    calledOff?.addEventListener('abort', () => this.halt('stale'), { once: true });
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  get stopped(): StopReason | undefined {
    return this.why;
  }

  /** Whether to go on. To be asked before anything with an effect. */
  async goesOn(): Promise<boolean> {
    if (!this.why && !(await this.isCurrent())) this.halt('stale');
    return !this.why;
  }

  stop(): void {
    clearTimeout(this.deadline);
    clearInterval(this.looks);
  }

  /** A look that fails says nothing: the words are checked again, under a lock, when they are said. */
  private async look(): Promise<void> {
    if (this.looking) return;
    this.looking = true;
    await this.goesOn().catch(() => undefined);
    this.looking = false;
  }

  private halt(why: StopReason): void {
    this.why ??= why;
    this.stop();
    this.controller.abort();
  }
}
