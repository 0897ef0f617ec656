import type { OwnNumber } from '../entities.js';
import { phoneAt } from '../messaging/phones.js';
import type { World } from '../world.js';
import { endCall, newLeg } from './calls.js';
import type { Leg } from './leg.js';
import { begin } from './run.js';
import { VERBS } from './verbs.js';

export interface PlacedCall {
  /** A number, `client:…`, `sip:…`, or a word for nobody: anonymous, restricted, blocked, unknown, unavailable. */
  from: string;
  to: string;
  forwardedFrom?: string | undefined;
  callerName?: string | undefined;
  /** As the network attests it: TN-Validation-Passed-A … */
  stirVerstat?: string | undefined;
  /** More parameters of the first webhook. */
  params?: Record<string, string> | undefined;
}

/** Callers without a number reach the webhook as the keys of these words on a telephone. */
const NOBODY: Record<string, string> = {
  anonymous: '+266696687', restricted: '+7378742833', blocked: '+2562533', unknown: '+8656696', unavailable: '+86282452253',
};

/** Somebody's phone calls one of our numbers. */
export function placeCall(world: World, placed: PlacedCall): Leg {
  const number = world.store.numberByAddress.first(placed.to);
  if (!number) throw new RangeError(`${placed.to} is not one of our numbers; POST /_control/numbers adds it`);
  const from = Object.hasOwn(NOBODY, placed.from) ? NOBODY[placed.from]! : placed.from;
  if (!/^(\+\d{3,15}$|client:.|sip:.)/.test(from)) {
    throw new RangeError(`Nobody calls from "${placed.from}": a number such as +15550001111, client:…, sip:… or ${Object.keys(NOBODY).join(', ')}`);
  }
  if (from.startsWith('+')) phoneAt(world, from);
  const { statusCallback, statusCallbackMethod } = number;
  const leg = newLeg(world, {
    accountSid: number.accountSid, from, to: placed.to, direction: 'inbound', status: 'ringing', phoneNumberSid: number.sid,
    forwardedFrom: placed.forwardedFrom ?? null, callerName: placed.callerName ?? null,
    callback: statusCallback === '' ? null : { url: statusCallback, method: statusCallbackMethod, events: ['completed'] },
  });
  arrive(world, leg, number, placed);
  return leg;
}

/** A number without a voice URL takes no calls: not even the debugger hears of it. */
function arrive(world: World, leg: Leg, number: OwnNumber, placed: PlacedCall): void {
  if (number.voiceUrl === '') return endCall(world, leg, 'failed');
  if (number.voiceFallbackUrl !== '') leg.fallback = { url: number.voiceFallbackUrl, method: number.voiceFallbackMethod };
  leg.hears('ring', '');
  const first = { ...(placed.stirVerstat === undefined ? {} : { StirVerstat: placed.stirVerstat }), ...placed.params };
  begin(world, leg, { url: number.voiceUrl, method: number.voiceMethod, params: first }, VERBS);
}
