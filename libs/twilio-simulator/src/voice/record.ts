import { methodOf, resolve, tell } from './fetching.js';
import type { Spoken } from './leg.js';
import { recordingParams } from './params.js';
import { recordingWish } from './recording-wish.js';
import { finishRecording, startRecording } from './recordings.js';
import type { Recording, RecordingCallbacks } from './rows.js';
import type { Next, Run } from './run.js';
import { flagOf, numberOf, type Verb } from '../twiml.js';
import { Stopped, until } from './waiting.js';

const LONGEST_S = 3_600;

/**
 * `<Record>`: a beep, then what the person says until they are silent, press a key, hang up, or the time is over. Silence alone
 * is no recording, and the next verb follows.
 */
export async function record(run: Run, verb: Verb): Promise<Next> {
  if (flagOf(verb, 'playBeep', true)) run.leg.hears('beep', '');
  const tape = new Tape(run, verb);
  const url = resolve(run.base, verb.attributes.action ?? run.base ?? '');
  try {
    const end = await tape.runs();
    if (!tape.hasWords) return void tape.drop();
    return { url, method: methodOf(verb), params: { ...tape.keep(), Digits: end } };
  } catch (stopped) {
    if (!(stopped instanceof Stopped) || !tape.hasWords) throw stopped;
    const params = { ...tape.keep(), Digits: 'hangup' };
    // Nobody executes what is answered: the call is over. After a redirect not even that is asked.
    if (stopped.why === 'hung-up') tell(run.world, run.leg, 'voice', { url, method: methodOf(verb), params });
    throw stopped;
  }
}

class Tape {
  readonly name = 'record';
  private readonly recording: Recording;
  private words: string[] = [];
  /** Takes the wait for silence back. */
  private stopsWaiting: () => void = () => undefined;
  private end: (key: string) => void = () => undefined;

  constructor(private readonly run: Run, private readonly verb: Verb) {
    this.recording = startRecording(run.world, run.leg, 'RecordVerb', callbacksOf(run, verb));
  }

  get hasWords(): boolean {
    return this.words.length > 0;
  }

  /** @returns the key that ended it, or nothing */
  runs(): Promise<string> {
    const { leg, signal } = this.run;
    return until<string>(signal, (done) => {
      this.end = done;
      const deaf = leg.listen(this);
      this.waits();
      const longest = numberOf(this.verb, 'maxLength', LONGEST_S) * 1_000;
      const unlimited = leg.later(longest, () => done(''));
      return () => {
        for (const takeBack of [deaf, unlimited, this.stopsWaiting]) takeBack();
      };
    });
  }

  speech(spoken: Spoken): boolean {
    this.words.push(spoken.text);
    this.waits();
    return true;
  }

  digit(digit: string): boolean {
    if (!(this.verb.attributes.finishOnKey ?? '1234567890*#').includes(digit)) return false;
    this.end(digit);
    return true;
  }

  keep(): Record<string, string> {
    finishRecording(this.run.world, this.run.leg, this.recording, this.words.join(' '));
    return recordingParams(this.recording);
  }

  drop(): void {
    finishRecording(this.run.world, this.run.leg, this.recording, null);
  }

  private waits(): void {
    this.stopsWaiting();
    this.stopsWaiting = this.run.leg.later(numberOf(this.verb, 'timeout', 5) * 1_000, () => this.end(''));
  }
}

function callbacksOf(run: Run, verb: Verb): RecordingCallbacks {
  const { transcribeCallback, transcribe } = verb.attributes;
  return {
    status: recordingWish(run, verb),
    transcriptionUrl: transcribeCallback ? resolve(run.base, transcribeCallback) : null,
    isTranscribed: transcribe === 'true' || Boolean(transcribeCallback),
  };
}
