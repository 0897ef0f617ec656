import type { HookMethod } from '../entities.js';
import type { Form } from '../form.js';
import { badRequest } from '../twilio-error.js';
import type { World } from '../world.js';
import { greetingMs, type PickedUp } from './answering.js';
import { tell } from './fetching.js';
import type { Leg } from './leg.js';

/** Whether a machine has answered: what is asked for. */
export interface Detection {
  waitsForEnd: boolean;
  isAsync: boolean;
  callback: { url: string; method: HookMethod } | null;
}

/** Least and most of what may be set (OpenAPI). */
const BOUNDS: [string, number, number][] = [
  ['MachineDetectionTimeout', 3, 59], ['MachineDetectionSpeechThreshold', 1_000, 6_000],
  ['MachineDetectionSpeechEndThreshold', 500, 5_000], ['MachineDetectionSilenceTimeout', 2_000, 10_000],
];

/** @param isAsync whether it can only be done beside the call, as with a participant of a conference */
export function detectionOf(form: Form, prefix: 'AsyncAmd' | 'Amd', isAsync = form.flag('AsyncAmd') ?? false): Detection | undefined {
  const wanted = form.filled('MachineDetection');
  if (wanted === undefined || wanted === 'none') return undefined;
  const isWrong = BOUNDS.some(([name, least, most]) => form.has(name) && !(Number(form.get(name)) >= least && Number(form.get(name)) <= most));
  if (isWrong || !['Enable', 'DetectMessageEnd'].includes(wanted)) throw badRequest(21234, 'Invalid machine detection parameter');
  // With digits to send Twilio leaves it.
  if (form.filled('SendDigits')) return undefined;
  const url = form.filled(`${prefix}StatusCallback`);
  const method: HookMethod = form.get(`${prefix}StatusCallbackMethod`)?.toUpperCase() === 'GET' ? 'GET' : 'POST';
  return { waitsForEnd: wanted === 'DetectMessageEnd', isAsync, callback: url === undefined ? null : { url, method } };
}

/** Says, once it is sure, who has picked up: to the app, where it asked for that, and to `then`. */
export function detect(world: World, leg: Leg, detection: Detection, who: PickedUp, then: () => void): void {
  const isMachine = who.greeting !== null;
  const verdict = who.takenFor ?? (!isMachine ? 'human' : detection.waitsForEnd ? 'machine_end_beep' : 'machine_start');
  const { amdMs } = world.switches.values;
  const ms = isMachine && detection.waitsForEnd ? Math.max(greetingMs(world, who.greeting!), amdMs) : amdMs;
  if (detection.isAsync && !detection.callback) leg.note(21262, 'No callback for the result of asynchronous machine detection');
  world.scheduler.at(world.clock.ms() + ms, 'walk', () => {
    if (leg.isOver) return;
    leg.call.answeredBy = verdict;
    world.store.calls.save(leg.call);
    if (detection.isAsync && detection.callback) {
      tell(world, leg, 'amd', { ...detection.callback, params: { AnsweredBy: verdict, MachineDetectionDuration: String(Math.round(ms)) } });
    }
    then();
  });
}
