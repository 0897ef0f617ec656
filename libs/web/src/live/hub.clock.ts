import { useEffect, useState } from 'react';
import { useSandbox } from './sandbox.context.js';

const TICK_MS = 1_000;

/** The hub's time, ticking: it is moved forward from the page, and every `clock` event sets it right. */
export function useHubClock(): Date {
  const { api, feed } = useSandbox();
  const [base, setBase] = useState(() => ({ at: Date.parse(api.session.now), mark: performance.now() }));
  const [elapsed, setElapsed] = useState(0);
  useEffect(() => {
    const set = (now: unknown): void => {
      if (typeof now !== 'string' || Number.isNaN(Date.parse(now))) return;
      setBase({ at: Date.parse(now), mark: performance.now() });
      setElapsed(0);
    };
    const read = (): Promise<void> => api.sandbox<{ now: string }>('session').then(({ now }) => set(now), () => undefined);
    void read();
    return feed.listen((event) => (event === 'clock' || event === 'open' ? void read() : undefined));
  }, [api, feed]);
  useEffect(() => {
    const timer = window.setInterval(() => setElapsed(performance.now() - base.mark), TICK_MS);
    return () => window.clearInterval(timer);
  }, [base]);
  return new Date(base.at + elapsed);
}
