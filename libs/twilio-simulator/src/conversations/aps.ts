import { TwilioError } from '../twilio-error.js';
import type { World } from '../world.js';

interface Second {
  startedAt: number;
  count: number;
}

const seconds = new WeakMap<World, Map<string, Second>>();

/** Mutations a second of one conversation or service (facts A.11); off unless the switch sets a limit. */
export function countAction(world: World, key: string): void {
  const limit = world.switches.values.apsLimit;
  if (limit === 0) return;
  const counters = seconds.get(world) ?? new Map<string, Second>();
  seconds.set(world, counters);
  const now = world.clock.ms();
  const second = counters.get(key);
  if (!second || now - second.startedAt >= 1_000) counters.set(key, { startedAt: now, count: 1 });
  else if (second.count >= limit) throw new TwilioError(429, 50063, 'Conversation action rate limit exceeded');
  else second.count += 1;
}
