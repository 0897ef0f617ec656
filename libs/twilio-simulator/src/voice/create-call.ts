import type { Account } from '../entities.js';
import type { Form } from '../form.js';
import { badRequest } from '../twilio-error.js';
import type { World } from '../world.js';
import { dial, refuseIfWanted, type PickedUp } from './answering.js';
import { documentOf, hookMethod, isWebAddress } from './call-form.js';
import { endCall, newLeg } from './calls.js';
import { detect, detectionOf, type Detection } from './detecting.js';
import type { Leg } from './leg.js';
import { recordCall } from './recordings.js';
import type { CallbackWish } from './rows.js';
import { begin, type Source } from './run.js';
import { VERBS } from './verbs.js';

const STAGES = ['initiated', 'ringing', 'answered', 'completed'];

/** When the next call of an account may begin, where their number a second is limited. */
const slots = new WeakMap<World, Map<string, number>>();

/** `Calls.create`: checked as Twilio checks it, then dialled. @throws TwilioError 212xx */
export function createCall(world: World, account: Account, form: Form): Leg {
  const source = documentOf(form);
  const leg = outboundLeg(world, account, form, 'StatusCallback');
  if (!source) throw badRequest(21205, 'Url parameter is required.');
  const detection = detectionOf(form, 'AsyncAmd');
  const fallback = form.filled('FallbackUrl');
  const draft = leg();
  if (fallback !== undefined) draft.fallback = { url: fallback, method: hookMethod(form, 'FallbackMethod') };
  dial(world, draft, ringMs(form), (who) => answered(world, draft, { form, source, detection, who }));
  return draft;
}

interface Answered {
  form: Form;
  source: Source;
  detection: Detection | undefined;
  who: PickedUp;
}

/** A verdict that is waited for comes before the document, one that is not beside it. */
function answered(world: World, leg: Leg, { form, source, detection, who }: Answered): void {
  if (form.flag('Record')) recordWhole(world, leg, form);
  limit(world, leg, form);
  const digits = form.filled('SendDigits');
  if (digits !== undefined) leg.hears('tone', digits);
  const start = (): void => begin(world, leg, source, VERBS);
  if (detection) detect(world, leg, detection, who, detection.isAsync ? () => undefined : start);
  if (!detection || detection.isAsync) start();
}

/**
 * Checks who calls whom.
 * @param callbackName how the parameters for the stages of the call begin
 * @returns what makes the leg, once all else has been checked too
 */
export function outboundLeg(world: World, account: Account, form: Form, callbackName: string): () => Leg {
  const [to, from] = [form.filled('To'), form.filled('From')];
  if (to === undefined) throw badRequest(21201, "No 'To' number is specified");
  if (from === undefined) throw badRequest(21213, "No 'From' number is specified");
  if (!/^(\+[1-9]\d{6,14}$|client:.|sip:.)/i.test(to) || to === from) throw badRequest(21211, `The phone number you are attempting to call, ${to}, is not valid.`);
  if (!/^(\+[1-9]\d{6,14}$|client:.|sip:.)/i.test(from)) throw badRequest(21212, `The source phone number provided, ${from}, is not valid.`);
  const number = world.store.numberByAddress.first(from);
  if (from.startsWith('+') && number?.accountSid !== account.sid) {
    throw badRequest(21210, `The source phone number provided, ${from}, is not yet verified for your account.`);
  }
  refuseIfWanted(world, to);
  const callback = callbackOf(form, callbackName);
  return () => newLeg(world, {
    accountSid: account.sid, from, to, direction: 'outbound-api', status: 'queued', phoneNumberSid: number?.sid ?? null,
    callerName: null, callback, queueMs: queueMs(world, account.sid),
  });
}

function callbackOf(form: Form, name: string): CallbackWish | null {
  const url = form.filled(name);
  if (url === undefined) return null;
  if (!isWebAddress(url)) throw badRequest(21609, `${name} is not a valid URL: ${url}`);
  const events = form.all(`${name}Event`).flatMap((one) => one.split(/\s+/)).filter((one) => STAGES.includes(one));
  return { url, method: hookMethod(form, `${name}Method`), events: events.length > 0 ? events : ['completed'] };
}

/** Seconds of the parameter Timeout, as milliseconds. */
export const ringMs = (form: Form): number => Math.min(Math.max(Number(form.filled('Timeout') ?? 60) || 60, 1), 600) * 1_000;

/** Calls beyond so many a second wait, and are not refused. */
function queueMs(world: World, accountSid: string): number {
  const { callsPerSecond } = world.switches.values;
  if (callsPerSecond === 0) return 0;
  const mine = slots.get(world) ?? new Map<string, number>();
  slots.set(world, mine);
  const now = world.clock.ms();
  const at = Math.max(mine.get(accountSid) ?? 0, now);
  mine.set(accountSid, at + 1_000 / callsPerSecond);
  return Math.round(at - now);
}

function limit(world: World, leg: Leg, form: Form): void {
  const seconds = Number(form.filled('TimeLimit') ?? 0);
  if (seconds > 0) leg.farewells.push(leg.later(seconds * 1_000, () => endCall(world, leg, 'completed')));
}

function recordWhole(world: World, leg: Leg, form: Form): void {
  const url = form.filled('RecordingStatusCallback');
  const events = form.all('RecordingStatusCallbackEvent');
  recordCall(world, leg, 'OutboundAPI', {
    status: url === undefined ? null : { url, method: hookMethod(form, 'RecordingStatusCallbackMethod'), events: events.length > 0 ? events : ['completed'] },
    transcriptionUrl: null, isTranscribed: false,
  });
}
