import { isLoopback } from '@throughline/kernel/loopback.js';
import { signForm } from '../signature.js';
import { resolve } from './fetching.js';
import { sound, speechMs, type Run, type Vocabulary } from './run.js';
import { numberOf, type Verb } from '../twiml.js';

/** Twilio's limit of a loop that says 0: for ever. */
const ENDLESS = 1_000;

const loops = (verb: Verb): number => numberOf(verb, 'loop', 1) || ENDLESS;

async function say(run: Run, verb: Verb): Promise<undefined> {
  for (let turn = 0; turn < loops(verb); turn += 1) {
    await sound(run, 'say', verb.text, speechMs(run, verb.text), turn === 0 ? 'walk' : 'later');
  }
}

async function play(run: Run, verb: Verb): Promise<undefined> {
  if (verb.attributes.digits) return void run.leg.hears('tone', verb.attributes.digits);
  const address = resolve(run.base, verb.text);
  if (!(await isThere(run, address))) return;
  const { playMs } = run.world.switches.values;
  for (let turn = 0; turn < loops(verb); turn += 1) await sound(run, 'play', address, playMs, 'later');
}

/** A file on this machine has to be there, and to be one; what is elsewhere is not asked for. */
async function isThere({ world, leg, signal }: Run, address: string): Promise<boolean> {
  if (!isLoopback(address)) return true;
  const signature = signForm(world.accounts.get(leg.call.accountSid)?.authToken ?? '', address, {});
  const asked = fetch(address, { signal, headers: { 'X-Twilio-Signature': signature } }).then(described, () => undefined);
  world.webhooks.track(asked);
  const file = await asked;
  signal.throwIfAborted();
  const isSound = file !== undefined && file.status < 400 && /^(audio|video)\//i.test(file.type);
  if (!isSound) leg.note(file && file.status < 400 ? 12300 : 11200, `${address} cannot be played: ${file ? `${file.status} ${file.type}` : 'no answer'}`);
  return isSound;
}

async function described(answer: Response): Promise<{ status: number; type: string }> {
  await answer.body?.cancel();
  return { status: answer.status, type: answer.headers.get('content-type') ?? '' };
}

async function wait(run: Run, verb: Verb): Promise<undefined> {
  await sound(run, 'silence', '', numberOf(verb, 'length', 1) * 1_000, 'later');
}

/** What may stand inside a Gather and in what is played to people who wait. */
export const SOUNDS: Vocabulary = { Say: say, Play: play, Pause: wait };
