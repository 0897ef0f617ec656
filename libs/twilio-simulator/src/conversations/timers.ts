import type { Conversation } from '../entities.js';
import { badRequest } from '../twilio-error.js';
import { isoSeconds, parseIsoDuration } from '../wire.js';
import type { World } from '../world.js';
import type { Form } from '../form.js';
import { changeState } from './states.js';

interface Rule {
  leastMs: number;
  tooShort: number;
  badFormat: number;
}

// Least durations and their codes: facts A.4.
const RULES: Record<'Timers.Inactive' | 'Timers.Closed', Rule> = {
  'Timers.Inactive': { leastMs: 60_000, tooShort: 50375, badFormat: 50379 },
  'Timers.Closed': { leastMs: 10 * 60_000, tooShort: 50376, badFormat: 50380 },
};

/** The timer a form asks for: undefined where it says nothing, null where it takes the timer away. */
export function timerFrom(form: Form, name: keyof typeof RULES): string | null | undefined {
  const text = form.get(name);
  if (text === undefined) return undefined;
  if (text === '') return null;
  const ms = parseIsoDuration(text);
  const rule = RULES[name];
  if (ms === undefined) throw badRequest(rule.badFormat, `${name} is not an ISO 8601 duration`);
  if (ms !== 0 && ms < rule.leastMs) {
    throw badRequest(rule.tooShort, `${name} must be at least ${rule.leastMs / 60_000} minutes`);
  }
  return ms === 0 ? null : text;
}

const dueInactive = (row: Conversation): number | undefined =>
  row.state === 'active' && row.inactiveTimer ? row.activeAt + (parseIsoDuration(row.inactiveTimer) ?? 0) : undefined;

const dueClosed = (row: Conversation): number | undefined =>
  row.state !== 'closed' && row.closedTimer ? row.activeAt + (parseIsoDuration(row.closedTimer) ?? 0) : undefined;

export function timersOf(row: Conversation): { date_inactive?: string; date_closed?: string } {
  const [inactive, closed] = [dueInactive(row), dueClosed(row)];
  return {
    ...(inactive === undefined ? {} : { date_inactive: isoSeconds(inactive) }),
    ...(closed === undefined ? {} : { date_closed: isoSeconds(closed) }),
  };
}

/** Has the conversation looked at when its next timer runs out. A later end is found out then, not rescheduled now. */
export function arm(world: World, row: Conversation): void {
  const due = Math.min(dueInactive(row) ?? Infinity, dueClosed(row) ?? Infinity);
  if (due === Infinity || (world.armed.get(row.sid) ?? Infinity) <= due) return;
  world.armed.set(row.sid, due);
  world.scheduler.at(due, 'later', (at) => expire(world, row.sid, at));
}

export function armAll(world: World): void {
  for (const row of world.store.conversations.all()) arm(world, row);
}

function expire(world: World, sid: string, at: number): void {
  if (world.armed.get(sid) === at) world.armed.delete(sid);
  const row = world.store.conversations.get(sid);
  if (!row) return;
  const inactive = dueInactive(row);
  if (inactive !== undefined && inactive <= at) changeState(world, row, { to: 'inactive', reason: 'TIMER', at });
  const closed = dueClosed(row);
  if (closed !== undefined && closed <= at) changeState(world, row, { to: 'closed', reason: 'TIMER', at });
  arm(world, row);
}
