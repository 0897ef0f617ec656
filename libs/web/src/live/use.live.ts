import { useCallback, useEffect, useEffectEvent, useRef, useState } from 'react';
import { explain } from './api.js';
import type { FeedEvent } from './feed.js';
import { ripple } from './ripple.js';
import { useSandbox } from './sandbox.context.js';

export interface Live<T> {
  data: T | undefined;
  /** What went wrong with the last read; older data stay. */
  error: string | undefined;
  refresh: () => Promise<void>;
}

interface Kept<T> {
  key: string;
  text?: string;
  data?: T;
  error?: string;
}

interface Watched<T> {
  /** Names what is read; another key is another thing, and starts empty. */
  key: string;
  read: () => Promise<T>;
  wakeOn: readonly FeedEvent[];
  /** Also without an event: for what changes in the hub alone. */
  everyMs?: number;
}

/** Reads now, and again whenever the stream says that something happened. Unchanged answers draw nothing anew. */
export function useLive<T>({ key, read, wakeOn, everyMs = 5_000 }: Watched<T>): Live<T> {
  const { feed } = useSandbox();
  const [kept, setKept] = useState<Kept<T>>({ key });
  const round = useRef(0);
  const ask = useEffectEvent(read);
  const load = useEffectEvent(async () => {
    const mine = ++round.current;
    const next = await ask().then(
      (data): Kept<T> => ({ key, text: JSON.stringify(data), data }),
      (error: unknown): Kept<T> => ({ key, error: explain(error) }),
    );
    if (mine !== round.current) return;
    setKept((before) => merge(before.key === key ? before : { key }, next));
  });
  const asleep = useEffectEvent((event: FeedEvent | 'open') => event !== 'open' && event !== 'reset' && !wakeOn.includes(event));
  const reload = useRef<() => Promise<void>>(async () => undefined);
  useEffect(() => {
    reload.current = () => load();
    void load();
    const waves = ripple(() => void load());
    const silence = feed.listen((event) => (asleep(event) ? undefined : waves.wake()));
    const timer = window.setInterval(() => document.hidden || void load(), everyMs);
    return () => {
      round.current += 1;
      silence();
      waves.stop();
      window.clearInterval(timer);
    };
  }, [feed, key, everyMs]);
  const refresh = useCallback(() => reload.current(), []);
  return kept.key === key ? { data: kept.data, error: kept.error, refresh } : { data: undefined, error: undefined, refresh };
}

function merge<T>(before: Kept<T>, next: Kept<T>): Kept<T> {
  if (next.error !== undefined) return { ...before, error: next.error };
  return before.text === next.text && before.error === undefined ? before : next;
}
