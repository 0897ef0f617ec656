/**
 * Named points between two effects, where a process may die. They do nothing in production. A crash test
 * preloads a watcher under this symbol and ends the process at the point it was told.
 */
const WATCHER = Symbol.for('throughline.point');

export type Point =
  | 'inbox.stored'
  | 'conversation.created'
  | 'receive.committed'
  | 'turn.claimed'
  | 'turn.answered'
  | 'say.committed'
  | 'send.claimed'
  | 'send.accepted'
  | 'send.saved'
  | 'upload.stored'
  | 'mirror.claimed'
  | 'mirror.posted'
  | 'mirror.saved'
  | 'call.begun'
  | 'call.heard'
  | 'place.claimed'
  | 'place.placed'
  | 'transfer.decided'
  | 'transfer.moving'
  | 'triage.judged'
  | 'incident.reported'
  | 'escalation.fired'
  | 'escalation.happened'
  | 'escalation.acknowledged'
  | 'drill.begins'
  | 'callback.decided'
  | 'callback.moving'
  | 'alert.claimed'
  | 'alert.sent'
  | 'mail.received'
  | 'mail.handed_over'
  | 'erasure.silenced'
  | 'erasure.erased'
  | 'erasure.copy_removed'
  | 'erasure.removed';

export async function reach(point: Point): Promise<void> {
  const watcher = (globalThis as Record<symbol, unknown>)[WATCHER];
  if (typeof watcher === 'function') await (watcher as (point: Point) => unknown)(point);
}
