import { useSandbox } from '../live/sandbox.context.js';
import type { Fault } from '../live/simulator.types.js';
import { useLive, type Live } from '../live/use.live.js';

/** What is armed to go wrong. A fault that has hit often enough leaves the list by itself. */
export function useFaults(): Live<Fault[]> {
  const { api } = useSandbox();
  return useLive({ key: 'faults', read: () => api.control<Fault[]>('faults'), wakeOn: ['fault', 'webhook', 'request'] });
}
