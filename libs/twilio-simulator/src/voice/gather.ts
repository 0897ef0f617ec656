import type { HookParams } from '../signature.js';
import { methodOf, resolve, tell } from './fetching.js';
import type { Spoken } from './leg.js';
import { runVerbs, type Next, type Run } from './run.js';
import { SOUNDS } from './sounds.js';
import { flagOf, numberOf, type Verb } from '../twiml.js';
import { Stopped, until } from './waiting.js';

const CONFIDENCE = '0.9';

/** What was gathered: keys, or words. Whichever comes first wins. */
type Gathered = { digits: string } | { words: string };

/**
 * `<Gather>`: its words are said, keys or speech stop them; then the waiting begins. Without input the next verb follows,
 * or the action with no digits where that was asked for.
 */
export async function gather(run: Run, verb: Verb): Promise<Next> {
  const gathered = await listen(run, verb);
  if (gathered === undefined && !flagOf(verb, 'actionOnEmptyResult', false)) return undefined;
  const params: HookParams = gathered === undefined ? { Digits: '' }
    : 'digits' in gathered ? { Digits: gathered.digits }
    : { SpeechResult: gathered.words, Confidence: CONFIDENCE, Language: verb.attributes.language ?? 'en-US' };
  // Without an action the same document is asked for again.
  const url = resolve(run.base, verb.attributes.action ?? run.base ?? '');
  return { url, method: methodOf(verb), params };
}

function listen(run: Run, verb: Verb): Promise<Gathered | undefined> {
  const prompt = new AbortController();
  return until<Gathered | undefined>(run.signal, (done) => {
    const collector = new Collector(run, verb, { began: () => prompt.abort(new Stopped('cut')), done });
    const deaf = run.leg.listen(collector);
    const prompted = { ...run, vocabulary: SOUNDS, signal: AbortSignal.any([run.signal, prompt.signal]) };
    // However the prompt ends: said, cut, or impossible to say.
    void runVerbs(prompted, verb.children).catch(() => undefined).then(() => collector.waits());
    return () => {
      deaf();
      collector.close();
      prompt.abort(new Stopped('cut'));
    };
  });
}

/** The person's keys and words, until they are complete or nothing more comes. */
class Collector {
  readonly name = 'gather';
  private digits = '';
  /** Takes the wait for the next key back. */
  private stopsWaiting: () => void = () => undefined;
  private sequence = 0;
  private isOver = false;

  constructor(
    private readonly run: Run,
    private readonly verb: Verb,
    private readonly tell: { began: () => void; done: (gathered: Gathered | undefined) => void },
  ) {}

  digit(digit: string): boolean {
    const { finishOnKey = '#', numDigits, input = 'dtmf' } = this.verb.attributes;
    if (!input.includes('dtmf')) return false;
    this.tell.began();
    const isEnd = finishOnKey.includes(digit);
    if (!isEnd) this.digits += digit;
    if (isEnd || (numDigits && this.digits.length >= Number(numDigits))) this.complete();
    else this.waits();
    return true;
  }

  speech(spoken: Spoken): boolean {
    if (!(this.verb.attributes.input ?? 'dtmf').includes('speech')) return false;
    this.tell.began();
    for (const partial of spoken.partials) this.report(partial);
    this.tell.done({ words: spoken.text });
    return true;
  }

  /** Begins to wait anew for the next key. */
  waits(): void {
    if (this.isOver) return;
    this.stopsWaiting();
    const ms = numberOf(this.verb, 'timeout', 5) * 1_000;
    this.stopsWaiting = this.run.leg.later(ms, () => this.complete());
  }

  close(): void {
    this.isOver = true;
    this.stopsWaiting();
  }

  private complete(): void {
    this.tell.done(this.digits === '' ? undefined : { digits: this.digits });
  }

  private report(partial: string): void {
    const { partialResultCallback } = this.verb.attributes;
    if (!partialResultCallback) return;
    const params = { UnstableSpeechResult: partial, StableSpeechResult: '', SequenceNumber: String(this.sequence++) };
    tell(this.run.world, this.run.leg, 'partial', {
      url: resolve(this.run.base, partialResultCallback), method: methodOf(this.verb, 'partialResultCallbackMethod'), params,
    });
  }
}
