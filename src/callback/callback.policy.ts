import { uuidOf } from '@throughline/kernel/ids.js';
import { callbackMachine } from './callback.machine.js';
import type { Callback, CallbackEvent, CallbackState } from './callback.types.js';

const SECOND_MS = 1_000;
/** Phones ring longer than they were asked to: Twilio adds up to five seconds (twilio.com/docs/voice/api/call-resource). */
const RING_EXTRA_MS = 15_000;
export const RING_SECONDS = 40;

/** How long it takes until somebody looks whether both are still there, in milliseconds. */
export const LOOK_MS = 10_000;
/** A taker whose call was lost on the way is called so often. */
const MOST_TAKER_CALLS = 2;

/** How long each state may last until somebody looks what has become of it, in milliseconds. */
export function limitOf(state: CallbackState): number {
  switch (state) {
    case 'calling':
    case 'reaching':
      return RING_SECONDS * SECOND_MS + RING_EXTRA_MS;
    default:
      return 60 * SECOND_MS;
  }
}

/** What it is that has happened, in the light of the row. */
export function meantBy(row: Callback, event: CallbackEvent): CallbackEvent {
  // Who hangs up on voicemail has spoken with nobody.
  if (event !== 'gave_up' && row.state === 'connected' && row.isMachine) return 'gave_up';
  return event === 'taker_lost' && (!row.takerPhone || row.takerCalls >= MOST_TAKER_CALLS) ? 'taker_left' : event;
}

/** The row in its next state. */
export function moved(row: Callback, event: CallbackEvent, to: CallbackState, at: Date): Callback {
  const next = { ...row, state: to, epoch: row.epoch + 1, changedAt: at, metAt: to === 'connected' ? at : row.metAt, isPersonOver: row.isPersonOver && event !== 'person_answered' };
  const lostCallSids = row.takerCallSid ? [...row.lostCallSids, row.takerCallSid] : row.lostCallSids;
  if (event === 'taker_lost') return { ...next, takerCallSid: null, lostCallSids, takerCalls: row.takerCalls + 1, isTakerOver: false };
  // The person may have waited in the room for a taker whose call was lost.
  return event === 'taker_ready' && row.isCalledBack && row.personCallSid ? { ...next, state: 'joining' } : next;
}

export const isFinal = (state: CallbackState): boolean => callbackMachine.isFinal(state);

/** What is to be done at Twilio, so that it becomes what the row says. Done twice it does no harm. */
export type Duty = 'call_taker' | 'call_person' | 'fetch_person' | 'tell_machine' | 'tell_taker' | 'dismiss_person' | 'dismiss_taker' | 'seek_person' | 'seek_taker';

export function duties(row: Callback): Duty[] {
  const { state, takerCallSid, personCallSid, isCalledBack, isTakerOver, isPersonOver } = row;
  if (state === 'calling') return takerCallSid ? [] : ['call_taker'];
  if (state === 'reaching' && !isCalledBack) return ['fetch_person'];
  if (state === 'reaching' && !personCallSid) return ['call_person'];
  if (state === 'connected') return row.isMachine && !row.isMachineTold ? ['tell_machine'] : [];
  if (!isFinal(state)) return [];
  return [
    ...(isTakerOver ? [] : [takerDuty(row)]),
    ...(isPersonOver ? [] : [personCallSid ? 'dismiss_person' as const : 'seek_person' as const]),
  ];
}

function takerDuty({ state, takerCallSid }: Callback): Duty {
  if (!takerCallSid) return 'seek_taker';
  return state === 'unanswered' ? 'tell_taker' : 'dismiss_taker';
}

const GOES_ON = new Set(['queued', 'initiated', 'ringing', 'in-progress']);

/** How the two calls stand at Twilio, and who is in the room; null for a call that there is not. */
export interface Look {
  taker: string | null;
  person: string | null;
  room: readonly string[];
}

/** What must have happened, where Twilio's words about it were lost; null while all is as the row says. @param isLate the state has come to its limit */
export function missed({ state, takerCallSid, personCallSid, isCalledBack }: Callback, { taker, person, room }: Look, isLate: boolean): CallbackEvent | null {
  if (state === 'calling') return (takerCallSid && !GOES_ON.has(taker ?? '')) || isLate ? 'taker_left' : null;
  if (isFinal(state)) return null;
  if (taker !== 'in-progress') return state === 'reaching' || state === 'joining' ? 'taker_lost' : 'taker_left';
  if (state === 'asking') return isLate ? 'taker_silent' : null;
  if (state !== 'connected' && personCallSid && room.includes(personCallSid) && room.includes(takerCallSid!)) return 'met';
  if (personCallSid && !GOES_ON.has(person ?? '')) return isCalledBack || state !== 'reaching' ? 'person_left' : null;
  return state !== 'connected' && isLate ? 'person_unreached' : null;
}

/** What the thread says of it, when it has ended; null for what is no news. */
export function noteOf({ state, taker, isCalledBack, isMachine, metAt, changedAt }: Callback): string | null {
  if (state === 'unanswered') return `${taker} called back: ${isMachine ? 'voicemail' : 'no answer'}.`;
  if (state !== 'over' || !metAt) return null;
  const minutes = Math.max(1, Math.round((changedAt.getTime() - metAt.getTime()) / 60_000));
  return `${taker} ${isCalledBack ? 'called back' : 'spoke with them on the phone'}, ${minutes} min.`;
}

/** As what the call of one side is placed. */
export const legOf = ({ id, takerCalls }: Pick<Callback, 'id' | 'takerCalls'>, side: 'taker' | 'person'): string => uuidOf(side === 'taker' ? `${id}/taker/${takerCalls}` : `${id}/person`);
