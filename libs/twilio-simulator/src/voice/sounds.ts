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
  const { playMs } = run.world.switches.values;
  for (let turn = 0; turn < loops(verb); turn += 1) await sound(run, 'play', address, playMs, 'later');
}

async function wait(run: Run, verb: Verb): Promise<undefined> {
  await sound(run, 'silence', '', numberOf(verb, 'length', 1) * 1_000, 'later');
}

/** What may stand inside a Gather and in what is played to people who wait. */
export const SOUNDS: Vocabulary = { Say: say, Play: play, Pause: wait };
