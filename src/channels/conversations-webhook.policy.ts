import { isLoopback } from '@throughline/kernel/loopback.js';

/**
 * Whether the webhook that a Conversations service has is somebody else's. Two hubs on one account would take it from
 * each other at each start. An address of one machine alone is nobody's: Twilio never reached it, it was left behind.
 */
export function belongsToOthers(present: string | null, ours: string): boolean {
  if (!present || isLoopback(present)) return false;
  if (!URL.canParse(present)) return true;
  const [theirs, own] = [new URL(present), new URL(ours)];
  return theirs.origin !== own.origin || theirs.pathname !== own.pathname;
}
