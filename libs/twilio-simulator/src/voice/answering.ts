import { badRequest } from '../twilio-error.js';
import type { World } from '../world.js';
import { announce, endCall, setStatus } from './calls.js';
import type { Leg } from './leg.js';
import type { Answering } from './rows.js';

export interface AnsweringRequest {
  how: string;
  afterMs?: number | undefined;
  greeting?: string | undefined;
  takenFor?: string | undefined;
}

/** Who picked up. */
export interface PickedUp {
  /** What a voicemail box says; null: a person. */
  greeting: string | null;
  takenFor: string | null;
}

const WAYS = /^(rings|answers|declines|busy|voicemail|unreachable|refused:\d{5})$/;

const GREETING = 'I cannot come to the phone. Please leave a message after the tone.';

/** Says what happens when this phone rings, from now on. */
export function setAnswering(world: World, address: string, wanted: AnsweringRequest): Answering {
  if (!WAYS.test(wanted.how)) {
    throw new RangeError(`"${wanted.how}" is no way to answer: rings, answers, declines, busy, voicemail, unreachable or refused:21219`);
  }
  return world.store.answering.save({
    sid: address, how: wanted.how, afterMs: wanted.afterMs ?? world.switches.values.stepMs, greeting: wanted.greeting ?? GREETING,
    takenFor: wanted.takenFor ?? null,
  });
}

const answeringOf = (world: World, address: string): Answering =>
  world.store.answering.get(address) ?? { sid: address, how: 'rings', afterMs: 0, greeting: GREETING, takenFor: null };

/** @throws the refusal that this address was given */
export function refuseIfWanted(world: World, address: string): void {
  const [way, code] = answeringOf(world, address).how.split(':');
  if (way === 'refused') throw badRequest(Number(code), `${address} cannot be called`);
}

/** Dials: initiated, ringing, and then what the phone's owner does, at the latest when the time to ring is over. */
export function dial(world: World, leg: Leg, ringMs: number, answered: (who: PickedUp) => void, ringing: () => void = () => undefined): void {
  const { stepMs, ringExtraMs } = world.switches.values;
  const { how, afterMs, greeting, takenFor } = answeringOf(world, leg.call.to);
  // Each step counts from when the one before was due: a leap of the clock may be longer than all of them.
  const at = (due: number, kind: 'walk' | 'later', what: (now: number) => void): void =>
    void world.scheduler.at(due, kind, (now) => leg.isOver || what(now));
  at(world.clock.ms() + leg.call.queueMs + stepMs, 'walk', (dialled) => {
    leg.call.startedAt = dialled;
    announce(world, leg, 'initiated');
    at(dialled + stepMs, 'walk', (rung) => {
      if (how === 'unreachable') return endCall(world, leg, 'failed', 404);
      if (how === 'busy') return endCall(world, leg, 'busy', 486);
      const phone = rings(world, leg, takenFor, answered);
      ringing();
      at(rung + ringMs + ringExtraMs, 'later', () => leg.ringing && endCall(world, leg, 'no-answer', 487));
      if (how === 'answers') at(rung + afterMs, 'walk', () => phone.pickUp(null));
      if (how === 'voicemail') at(rung + afterMs, 'walk', () => phone.pickUp(greeting));
      if (how === 'declines') at(rung + afterMs, 'walk', () => phone.decline());
    });
  });
}

function rings(world: World, leg: Leg, takenFor: string | null, answered: (who: PickedUp) => void): NonNullable<Leg['ringing']> {
  setStatus(world, leg, 'ringing');
  announce(world, leg, 'ringing');
  const phone: NonNullable<Leg['ringing']> = {
    pickUp: (greeting) => {
      if (!leg.ringing) return;
      leg.ringing = null;
      setStatus(world, leg, 'in-progress');
      announce(world, leg, 'answered');
      if (greeting !== null) machineSpeaks(world, leg, greeting);
      answered({ greeting, takenFor });
    },
    decline: () => endCall(world, leg, world.switches.values.declinedStatus, 603),
  };
  leg.ringing = phone;
  return phone;
}

/** It speaks, beeps, and then takes down whatever it hears; it presses no keys. */
function machineSpeaks(world: World, leg: Leg, greeting: string): void {
  world.scheduler.at(world.clock.ms() + greetingMs(world, greeting), 'walk', () => {
    if (leg.isOver) return;
    leg.says({ text: greeting, partials: [] });
    leg.hears('beep', '');
  });
}

export const greetingMs = (world: World, greeting: string): number => greeting.length * world.switches.values.speechMsPerChar;
