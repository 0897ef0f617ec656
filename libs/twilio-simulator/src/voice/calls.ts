import { newSid } from '../sids.js';
import { rfc2822 } from '../wire.js';
import type { World } from '../world.js';
import { tell } from './fetching.js';
import { Leg } from './leg.js';
import { callParams, recordingParams, talkSeconds } from './params.js';
import type { CallStatus, PhoneCall } from './rows.js';
import { Stopped } from './waiting.js';

type Stage = 'initiated' | 'ringing' | 'answered' | 'completed';

type NewCall = Pick<PhoneCall, 'accountSid' | 'from' | 'to' | 'direction' | 'status'> & Partial<PhoneCall>;

const KEPT_LEGS = 1_000;

/** Statuses in which a call is over. */
const OVER: readonly CallStatus[] = ['completed', 'busy', 'failed', 'no-answer', 'canceled'];

export const isOver = (call: PhoneCall): boolean => OVER.includes(call.status);

export function newLeg(world: World, wanted: NewCall): Leg {
  const now = world.clock.ms();
  const call = world.store.calls.save({
    sid: newSid('CA'), createdAt: now, updatedAt: now, parentCallSid: null, startedAt: wanted.direction === 'inbound' ? now : null, answeredAt: null, endedAt: null, answeredBy: null,
    forwardedFrom: null, callerName: null, phoneNumberSid: world.store.numberByAddress.first(wanted.to)?.sid ?? world.store.numberByAddress.first(wanted.from)?.sid ?? null,
    queueMs: 0, callback: null, sequence: 0, sipCode: null, ...wanted,
  });
  const leg = new Leg(world, call);
  world.legs.set(call.sid, leg);
  world.feed.emit('call', call);
  return leg;
}

export function setStatus(world: World, leg: Leg, status: CallStatus): void {
  const { call } = leg;
  const now = world.clock.ms();
  call.status = status;
  call.updatedAt = now;
  if (status === 'in-progress') call.answeredAt ??= now;
  if (OVER.includes(status)) call.endedAt ??= now;
  world.store.calls.save(call);
  world.feed.emit('call', call);
}

/** Picks it up, once. */
export function answer(world: World, leg: Leg): void {
  if (leg.call.status === 'ringing') setStatus(world, leg, 'in-progress');
}

/** Ends a call, whatever is under way on it; once. What listens to its end is told by the signal. */
export function endCall(world: World, leg: Leg, status: CallStatus, sipCode: number | null = null): void {
  if (leg.isOver) return;
  leg.call.sipCode = sipCode;
  setStatus(world, leg, status);
  leg.ringing = null;
  for (const farewell of leg.farewells.splice(0)) farewell();
  leg.stop(new Stopped('hung-up'));
  announce(world, leg, 'completed');
  forgetOldest(world);
}

/** What people heard is kept of the last calls only: the rows stay. */
function forgetOldest(world: World): void {
  if (world.legs.size <= 2 * KEPT_LEGS) return;
  for (const leg of [...world.legs.values()].filter((one) => one.isOver).slice(0, -KEPT_LEGS)) world.legs.delete(leg.sid);
}

/** Tells a stage of the call where it was asked for. The number of the callback counts what was told, not what was reached. */
export function announce(world: World, leg: Leg, stage: Stage): void {
  const { call } = leg;
  const wish = call.callback;
  if (!wish?.events.includes(stage)) return;
  const params: Record<string, string> = {
    CallStatus: stage === 'initiated' ? 'initiated' : callParams(call).CallStatus!,
    Timestamp: rfc2822(world.clock.ms()), CallbackSource: 'call-progress-events', SequenceNumber: String(call.sequence++),
  };
  if (stage === 'completed') {
    const seconds = talkSeconds(world, call);
    Object.assign(params, { CallDuration: String(seconds), Duration: String(Math.ceil(seconds / 60)) });
    if (call.sipCode !== null) params.SipResponseCode = String(call.sipCode);
    const recording = leg.recordingSid === null ? undefined : world.store.recordings.get(leg.recordingSid);
    if (recording) Object.assign(params, recordingParams(recording));
  }
  world.store.calls.save(call);
  tell(world, leg, 'call-status', { url: wish.url, method: wish.method, params });
}

/** What was under way when the last run was killed: nobody is on the line any more, no room is open, no tape runs. */
export function endOrphans(world: World): void {
  const { store } = world;
  for (const call of store.calls.all()) if (!isOver(call)) endCall(world, new Leg(world, call), 'failed');
  for (const row of store.recordings.all()) if (row.status === 'in-progress') store.recordings.save({ ...row, status: 'absent' });
  for (const row of store.conferences.all()) {
    if (row.status !== 'completed') store.conferences.save({ ...row, status: 'completed', reasonEnded: 'last-participant-left' });
  }
}
