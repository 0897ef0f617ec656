/** The hub works on behind an event of the simulator: look at once, and again when its rows have followed. */
const ECHOES_MS = [60, 350, 1_200, 3_000];

export interface Ripple {
  wake(): void;
  stop(): void;
}

/** Many events in a row are few reads: an echo already on its way is not pushed back by the next event. */
export function ripple(read: () => void): Ripple {
  const timers = new Map<number, number>();
  const echo = (ms: number): void => {
    if (timers.has(ms)) return;
    timers.set(ms, window.setTimeout(() => (timers.delete(ms), read()), ms));
  };
  return {
    wake: () => ECHOES_MS.forEach(echo),
    stop: () => {
      for (const timer of timers.values()) window.clearTimeout(timer);
      timers.clear();
    },
  };
}
