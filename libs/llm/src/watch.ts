import { HubError } from '@throughline/kernel/errors.js';
import { modelCancelled, modelTimeout } from './errors.js';

/**
 * Watches over one answer: its whole time, the wait for the next piece, and the caller who may call it off.
 * The first of them stops the answer, and its reason is kept, because the openai package ends an aborted
 * stream without a word.
 *
 * Time here is the time of sockets (monotonic, real), not business time: moving the clock of the house forward
 * must not cut answers that are on their way.
 */
export class AnswerWatch {
  private readonly controller = new AbortController();
  private readonly endsAt: number;
  private readonly wholeTimer: NodeJS.Timeout;
  private pieceTimer: NodeJS.Timeout | undefined;
  private reason: HubError | undefined;

  constructor(
    wholeMs: number,
    private readonly caller?: AbortSignal,
  ) {
    this.endsAt = performance.now() + wholeMs;
    this.wholeTimer = setTimeout(() => this.stop(modelTimeout('for the whole answer', wholeMs)), wholeMs);
    caller?.addEventListener('abort', this.cancel, { once: true });
    if (caller?.aborted) this.cancel();
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Why the answer was stopped, if it was. */
  get stopped(): HubError | undefined {
    return this.reason;
  }

  get leftMs(): number {
    return this.endsAt - performance.now();
  }

  /** The next piece must come within `ms`. */
  expect(what: string, ms: number): void {
    this.relax();
    this.pieceTimer = setTimeout(() => this.stop(modelTimeout(what, ms)), ms);
  }

  /** The piece has come; while the caller works on it, nobody waits for the model. */
  relax(): void {
    clearTimeout(this.pieceTimer);
  }

  /** Sleep between two tries; wakes at once, with the reason, when the answer is stopped. */
  async rest(ms: number): Promise<void> {
    await new Promise<void>((resolve) => {
      if (this.reason) return resolve();
      const timer = setTimeout(resolve, ms);
      this.signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
    });
    if (this.reason) throw this.reason;
  }

  close(): void {
    this.relax();
    clearTimeout(this.wholeTimer);
    this.caller?.removeEventListener('abort', this.cancel);
  }

  private readonly cancel = (): void => this.stop(modelCancelled());

  private stop(reason: HubError): void {
    if (this.reason) return;
    this.reason = reason;
    this.controller.abort();
  }
}
