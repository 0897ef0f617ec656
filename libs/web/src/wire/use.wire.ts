import { useState } from 'react';
import { useSandbox } from '../live/sandbox.context.js';
import type { RestCall, Webhook } from '../live/simulator.types.js';
import { useLive } from '../live/use.live.js';
import { newestFirst, restEntry, webhookEntry, type WireEntry } from './wire.log.js';

/** Kept on the page; the simulator remembers more. */
const LIMIT = 400;
/** Read again from a little before the newest: a webhook under way gets its answer later. */
const OVERLAP = 100;

type Numbered = RestCall | Webhook;

/** The last calls of one kind, by number. Reads only what is new, and what may have changed. */
class Window<T extends Numbered> {
  private entries = new Map<number, T>();
  private newest = 0;

  constructor(private readonly read: (since: number) => Promise<T[]>) {}

  async list(): Promise<T[]> {
    const since = Math.max(0, this.newest - OVERLAP);
    const found = await this.read(since);
    // Numbers only grow; an empty answer, or a smaller one, means that the simulator forgot.
    const newest = found.at(-1)?.id ?? 0;
    if (newest < this.newest) this.entries.clear();
    for (const entry of found) this.entries.set(entry.id, entry);
    this.newest = newest;
    this.entries = new Map([...this.entries].slice(-LIMIT));
    return [...this.entries.values()];
  }
}

export interface Wire {
  entries: WireEntry[] | undefined;
  error: string | undefined;
  refresh: () => Promise<void>;
  clear: () => void;
}

export function useWire(): Wire {
  const { api } = useSandbox();
  const [hooks] = useState(() => new Window((since) => api.control<Webhook[]>(`webhooks?since=${since}`)));
  const [calls] = useState(() => new Window((since) => api.control<RestCall[]>(`requests?since=${since}`)));
  const [cleared, setCleared] = useState<ReadonlySet<string>>(new Set());
  const { data, error, refresh } = useLive({
    key: 'wire',
    read: async () => {
      const [ins, outs] = await Promise.all([hooks.list(), calls.list()]);
      return [...ins.map(webhookEntry), ...outs.map(restEntry)].sort(newestFirst).slice(0, LIMIT);
    },
    wakeOn: ['webhook', 'request', 'fault'],
  });
  const entries = data?.filter(({ key }) => !cleared.has(key));
  return { entries, error, refresh, clear: () => setCleared(new Set(data?.map(({ key }) => key))) };
}
