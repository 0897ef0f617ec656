import { report } from '../report.js';
import type { World } from '../world.js';
import { answer, endCall } from './calls.js';
import { fetchDocument, type Address, type TwimlDocument } from './fetching.js';
import type { HeardKind, Leg } from './leg.js';
import { parseTwiml, TwimlProblem, type Verb } from '../twiml.js';
import { pause, Stopped } from './waiting.js';

/** A document being executed on a leg. */
export interface Run {
  world: World;
  leg: Leg;
  /** Ends with the reason why, when the call is over or another document takes this one's place. */
  signal: AbortSignal;
  /** The document's own address; null for TwiML that came without one. */
  base: string | null;
  vocabulary: Vocabulary;
  /** It passes the time: a file is played again and again. */
  isWaiting?: true;
}

/** What a verb leads to: another document, the end of the call, or the next verb. */
export type Next = Address | 'hangup' | undefined;

export type VerbRunner = (run: Run, verb: Verb) => Next | Promise<Next>;

/** Verbs by name. */
export type Vocabulary = Record<string, VerbRunner>;

/** TwiML by its address, as it is, or already read. */
export type Source = Address | { twiml: string } | { verbs: Verb[] };

const SORRY = 'We are sorry, an application error has occurred. Goodbye.';

/** Verbs that do not pick up by themselves when they come first. */
const UNANSWERED = ['Pause', 'Reject', 'Redirect', 'Start', 'Stop'];

/**
 * Executes a document on a leg, in the place of what runs there, and those that follow from it.
 * @param then what happens at their end, before the call is over; not after a Hangup
 */
export function begin(world: World, leg: Leg, source: Source, vocabulary: Vocabulary, then?: (run: Run) => Promise<void>): void {
  const signal = leg.restart(new Stopped('redirected'));
  void perform({ world, leg, signal, base: null, vocabulary }, source, then).catch((error: unknown) => {
    if (error instanceof Stopped) return;
    if (!(error instanceof TwimlProblem)) report(error);
    endCall(world, leg, 'failed');
  });
}

async function perform(run: Run, source: Source, then?: (run: Run) => Promise<void>): Promise<void> {
  const { world, leg, signal } = run;
  try {
    let next: Next = undefined;
    let document = await open(run, source);
    for (;;) {
      signal.throwIfAborted();
      next = await runVerbs({ ...run, base: document.base }, document.verbs);
      if (next === undefined || next === 'hangup') break;
      document = await open(run, next);
    }
    if (next === undefined) await then?.(run);
  } catch (problem) {
    if (!(problem instanceof TwimlProblem)) throw problem;
    signal.throwIfAborted();
    leg.note(problem.code, problem.message);
    answer(world, leg);
    await sound(run, 'say', SORRY, speechMs(run, SORRY));
  }
  endCall(world, leg, 'completed');
}

async function open({ world, leg }: Run, source: Source): Promise<TwimlDocument> {
  if ('verbs' in source) return { verbs: source.verbs, base: null };
  if ('url' in source) return fetchDocument(world, leg, source);
  return { verbs: parseTwiml(source.twiml), base: null };
}

/** @returns where the verbs lead, undefined at their end */
export async function runVerbs(run: Run, verbs: Verb[]): Promise<Next> {
  for (const verb of verbs) {
    const runner = Object.hasOwn(run.vocabulary, verb.name) ? run.vocabulary[verb.name] : undefined;
    if (!runner) {
      run.leg.note(12200, `Schema validation warning: ${verb.name} is not executed here`);
      continue;
    }
    if (!UNANSWERED.includes(verb.name) && verb.attributes.answerOnBridge !== 'true') answer(run.world, run.leg);
    const next = await runner(run, verb);
    run.signal.throwIfAborted();
    if (next !== undefined) return next;
  }
  return undefined;
}

/** Something sounds for so long; cut short, its text is what was heard until then. */
export async function sound(run: Run, kind: HeardKind, text: string, ms: number, waits: 'walk' | 'later' = 'walk'): Promise<void> {
  const { world, leg, signal } = run;
  const began = leg.now;
  const entry = leg.sounds(kind, text);
  try {
    if (ms > 0) leg.wakes(await pause(world, signal, ms, waits, began));
    leg.falls(entry);
  } catch (stopped) {
    const heard = kind === 'say' ? text.slice(0, Math.floor((text.length * (world.clock.ms() - began)) / ms)) : text;
    leg.falls(entry, heard);
    throw stopped;
  }
}

export const speechMs = ({ world }: Run, text: string): number => text.length * world.switches.values.speechMsPerChar;
