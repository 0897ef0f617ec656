import type { Clock } from '@throughline/kernel/clock.js';
import type { Scheduler } from '../scheduler.js';

interface Time {
  clock: Clock;
  scheduler: Scheduler;
}

/** Why what was under way on a leg ends before its time. */
type StopCause = 'redirected' | 'hung-up' | 'cut' | 'reset';

/** Thrown into whatever waits on a leg: the call is over, or another document is to be executed instead. */
export class Stopped extends Error {
  constructor(readonly why: StopCause) {
    super(`stopped: ${why}`);
  }
}

/**
 * Waits for something that may be called off.
 * @param arm sets it going and returns what takes it back; `done` ends the wait
 * @throws Stopped (the signal's reason) when it is called off
 */
export function until<T>(signal: AbortSignal, arm: (done: (value: T) => void) => () => void): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason as Error);
    let disarm: (() => void) | undefined;
    let isOver = false;
    const over = (then: () => void): void => {
      if (isOver) return;
      isOver = true;
      signal.removeEventListener('abort', stop);
      disarm?.();
      then();
    };
    const stop = (): void => over(() => reject(signal.reason as Error));
    signal.addEventListener('abort', stop);
    disarm = arm((value) => over(() => resolve(value)));
    if (isOver) disarm();
  });
}

/**
 * @param kind `walk`: comes by itself within moments, so the house is not idle before; `later`: may be waited for
 * @param from where the time begins to run, in milliseconds of the clock
 * @returns when it was over, which after a leap of the clock is not now
 */
export function pause(time: Time, signal: AbortSignal, ms: number, kind: 'walk' | 'later', from = time.clock.ms()): Promise<number> {
  return until<number>(signal, (done) => time.scheduler.at(from + ms, kind, done));
}
