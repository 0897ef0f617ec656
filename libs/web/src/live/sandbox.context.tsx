import { createContext, use, useEffect, useMemo, useState, useSyncExternalStore, type ReactNode } from 'react';
import { Api, explain } from './api.js';
import { Feed, type FeedState } from './feed.js';

interface Sandbox {
  api: Api;
  feed: Feed;
}

const SandboxContext = createContext<Sandbox | null>(null);

export function useSandbox(): Sandbox {
  const sandbox = use(SandboxContext);
  if (!sandbox) throw new Error('useSandbox is for components below <SandboxProvider>');
  return sandbox;
}

export function useFeedState(): FeedState {
  const { feed } = useSandbox();
  return useSyncExternalStore(feed.watch, feed.state);
}

interface ProviderProps {
  children: ReactNode;
  loading: ReactNode;
  failed: (message: string, again: () => void) => ReactNode;
}

/** Opens the session, then the stream; what is below has both. */
export function SandboxProvider({ children, loading, failed }: ProviderProps) {
  const [attempt, setAttempt] = useState(0);
  const [api, setApi] = useState<Api>();
  const [error, setError] = useState<string>();
  const feed = useMemo(() => new Feed('/sandbox/control/events'), []);
  useEffect(() => {
    let current = true;
    Api.open().then(
      (opened) => current && setApi(opened),
      (problem: unknown) => current && setError(explain(problem)),
    );
    return () => {
      current = false;
    };
  }, [attempt]);
  useEffect(() => (api ? feed.start() : undefined), [api, feed]);
  const sandbox = useMemo(() => (api ? { api, feed } : null), [api, feed]);
  if (sandbox) return <SandboxContext value={sandbox}>{children}</SandboxContext>;
  if (error === undefined) return loading;
  return failed(error, () => {
    setError(undefined);
    setAttempt(attempt + 1);
  });
}
