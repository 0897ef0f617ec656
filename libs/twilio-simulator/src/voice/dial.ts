import { dial as ring } from './answering.js';
import { answer, endCall, newLeg } from './calls.js';
import { confer } from './conference.js';
import { methodOf, resolve, tell } from './fetching.js';
import type { Leg } from './leg.js';
import { talkSeconds } from './params.js';
import type { CallbackWish } from './rows.js';
import { begin, type Next, type Run } from './run.js';
import { numberOf, type Verb } from '../twiml.js';
import { Stopped, until } from './waiting.js';

const NOUNS = ['Number', 'Client', 'Sip'];
const RING_S = 30;

type Outcome = Record<string, string>;

/** `<Dial>`: a conference, or phones that ring until the first is answered. Then the action, or the next verb. */
export async function dial(run: Run, verb: Verb): Promise<Next> {
  const room = verb.children.find(({ name }) => name === 'Conference');
  const outcome = room ? await confer(run, verb, room) : await call(run, verb);
  const { action } = verb.attributes;
  if (outcome === undefined || action === undefined) return undefined;
  return { url: resolve(run.base, action), method: methodOf(verb), params: outcome };
}

async function call(run: Run, verb: Verb): Promise<Outcome | undefined> {
  const { world, leg, signal, base } = run;
  const text: Verb[] = verb.text === '' ? [] : [{ name: 'Number', attributes: {}, children: [], text: verb.text }];
  const nouns = [...text, ...verb.children.filter(({ name }) => NOUNS.includes(name))];
  const from = verb.attributes.callerId ?? leg.call.from;
  if (verb.attributes.callerId !== undefined && ![leg.call.from, leg.call.to].includes(from) && world.store.numberByAddress.first(from)?.accountSid !== leg.call.accountSid) {
    leg.note(13214, `Invalid callerId: ${from}`);
    return { DialCallStatus: 'failed' };
  }
  const exchange = new Exchange(run, verb);
  try {
    return await until<Outcome>(signal, (done) => {
      exchange.done = done;
      exchange.rings(nouns, from);
      return () => exchange.close();
    });
  } catch (stopped) {
    const { action } = verb.attributes;
    if (stopped instanceof Stopped && stopped.why === 'hung-up' && action !== undefined) {
      tell(world, leg, 'voice', { url: resolve(base, action), method: methodOf(verb), params: exchange.outcome() });
    }
    throw stopped;
  }
}

/** The legs that a Dial has called, and the one of them that was answered first. */
class Exchange {
  done: (outcome: Outcome) => void = () => undefined;
  private readonly legs: Leg[] = [];
  private winner: Leg | undefined;
  private isBridged = false;
  private readonly stopsRinging: () => void;

  constructor(private readonly run: Run, private readonly verb: Verb) {
    const sound = run.leg.sounds('ring', '');
    this.stopsRinging = () => run.leg.falls(sound);
  }

  rings(nouns: Verb[], from: string): void {
    const { world, leg } = this.run;
    for (const noun of nouns) {
      const to = noun.name === 'Client' && !noun.text.startsWith('client:') ? `client:${noun.text}` : noun.text;
      const child = newLeg(world, {
        accountSid: leg.call.accountSid, from, to, direction: 'outbound-dial', status: 'queued', parentCallSid: leg.sid, callback: callbackOf(this.run, noun),
      });
      this.legs.push(child);
      child.farewells.push(() => this.ends(child));
      ring(world, child, numberOf(this.verb, 'timeout', RING_S) * 1_000, () => this.answered(child, noun));
    }
    if (nouns.length === 0) this.done({ DialCallStatus: 'failed' });
  }

  outcome(): Outcome {
    const leg = this.winner ?? this.legs.at(-1);
    if (!leg) return { DialCallStatus: 'failed' };
    const { status } = leg.call;
    return {
      DialCallStatus: this.winner ? 'completed' : status === 'queued' || status === 'ringing' ? 'canceled' : status, DialCallSid: leg.sid, DialBridged: String(this.isBridged),
      ...(this.winner ? { DialCallDuration: String(talkSeconds(this.run.world, leg.call)) } : {}),
    };
  }

  /** All that still rings or talks ends with the Dial. */
  close(): void {
    this.stopsRinging();
    for (const leg of this.legs) endCall(this.run.world, leg, leg.ringing || leg.call.status === 'queued' ? 'canceled' : 'completed');
  }

  /** The first takes it; a document of its own comes before the two are joined. */
  private answered(child: Leg, noun: Verb): void {
    const { world, base, vocabulary } = this.run;
    this.winner = child;
    for (const other of this.legs) if (other !== child) endCall(world, other, 'canceled', 487);
    const { url } = noun.attributes;
    const source = url === undefined ? { verbs: [] } : { url: resolve(base, url), method: methodOf(noun) };
    begin(world, child, source, vocabulary, (whisper) => this.bridges(whisper));
  }

  private async bridges(whisper: Run): Promise<void> {
    const { leg, world } = this.run;
    const letsGo = this.verb.attributes.hangupOnStar === 'true';
    this.stopsRinging();
    answer(world, leg);
    this.isBridged = true;
    try {
      await until<void>(whisper.signal, (done) => {
        const deaf = [connects(leg, whisper.leg, letsGo ? done : undefined), connects(whisper.leg, leg)];
        return () => deaf.forEach((one) => one());
      });
    } catch (stopped) {
      // One that was given another document goes its own way.
      if (stopped instanceof Stopped && stopped.why === 'redirected') this.legs.splice(this.legs.indexOf(whisper.leg), 1);
      throw stopped;
    } finally {
      this.done(this.outcome());
    }
  }

  private ends(child: Leg): void {
    if (child === this.winner || (!this.winner && this.legs.every((leg) => leg.isOver))) this.done(this.outcome());
  }
}

/** What one says and presses, the other hears. */
function connects(from: Leg, to: Leg, star?: () => void): () => void {
  return from.listen({
    name: 'dial',
    speech: ({ text }) => {
      to.hears('voice', text, from.sid);
      return true;
    },
    digit: (digit) => {
      if (digit === '*' && star) star();
      else to.hears('tone', digit, from.sid);
      return true;
    },
  });
}

function callbackOf(run: Run, noun: Verb): CallbackWish | null {
  const { statusCallback, statusCallbackEvent = 'completed' } = noun.attributes;
  if (!statusCallback) return null;
  return { url: resolve(run.base, statusCallback), method: methodOf(noun, 'statusCallbackMethod'), events: statusCallbackEvent.split(/\s+/) };
}
