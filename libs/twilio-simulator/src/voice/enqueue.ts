import { sidOf } from '../sids.js';
import { numberOf, type Verb } from '../twiml.js';
import type { World } from '../world.js';
import { fetchDocument, methodOf, resolve, tell, type Address } from './fetching.js';
import { gather } from './gather.js';
import { secondsBetween } from './params.js';
import { runVerbs, sound, type Next, type Run, type Vocabulary } from './run.js';
import { SOUNDS } from './sounds.js';
import { Stopped, until } from './waiting.js';

const MOST_WAITING = 1_000;

/** A document that takes no time is asked for no more often than this. */
const LEAST_MS = 1_000;

/** Call sids by queue, in the order in which they came. */
const queues = new WeakMap<World, Map<string, string[]>>();

/** Thrown by `<Leave>`. */
class Left extends Error {}

const WAITING: Vocabulary = {
  ...SOUNDS,
  Gather: gather,
  Redirect: (run, verb) => ({ url: resolve(run.base, verb.text), method: methodOf(verb) }),
  Hangup: () => 'hangup',
  Leave: () => {
    throw new Left('left the queue');
  },
};

/**
 * `<Enqueue>`: the caller waits in a queue of this name, with what the waitUrl says, again and again, or music. Nobody takes them out of
 * it but `<Leave>`, another document, or themselves: there is no TaskRouter here.
 */
export async function enqueue(run: Run, verb: Verb): Promise<Next> {
  const { world, leg } = run;
  if (verb.attributes.workflowSid) leg.note(14220, 'There is no such workflow: TaskRouter is not simulated');
  const place = new Place(run, verb);
  if (verb.attributes.workflowSid || place.isFull) return place.action(verb.attributes.workflowSid ? 'error' : 'queue-full');
  place.take();
  try {
    return await place.waits();
  } catch (end) {
    if (end instanceof Left) return place.action('leave');
    const action = place.action('hangup');
    if (end instanceof Stopped && end.why === 'hung-up' && typeof action === 'object') tell(world, leg, 'voice', action);
    throw end;
  } finally {
    place.free();
  }
}

class Place {
  private readonly startedAt: number;
  private readonly waiting: string[];

  constructor(private readonly run: Run, private readonly verb: Verb) {
    const { world, leg } = run;
    this.startedAt = world.clock.ms();
    const named = queues.get(world) ?? new Map<string, string[]>();
    queues.set(world, named);
    const name = `${leg.call.accountSid} ${verb.text}`;
    this.waiting = named.get(name) ?? [];
    named.set(name, this.waiting);
  }

  get isFull(): boolean {
    return this.waiting.length >= numberOf(this.verb, 'maxQueueSize', MOST_WAITING);
  }

  take(): void {
    this.waiting.push(this.run.leg.sid);
  }

  free(): void {
    const at = this.waiting.indexOf(this.run.leg.sid);
    if (at >= 0) this.waiting.splice(at, 1);
  }

  action(result: string): Next {
    const { action } = this.verb.attributes;
    if (action === undefined) return undefined;
    return { url: resolve(this.run.base, action), method: methodOf(this.verb), params: { QueueResult: result, QueueSid: this.sid, QueueTime: this.seconds } };
  }

  async waits(): Promise<Next> {
    const { leg, signal, base, world } = this.run;
    const { waitUrl } = this.verb.attributes;
    if (waitUrl === undefined) return this.music();
    const first: Address = { url: resolve(base, waitUrl), method: methodOf(this.verb, 'waitUrlMethod') };
    for (let next = first; ; ) {
      const began = leg.now;
      const document = await fetchDocument(world, leg, { ...next, params: this.told() });
      signal.throwIfAborted();
      const led = await runVerbs({ ...this.run, base: document.base, vocabulary: WAITING }, document.verbs);
      if (led === 'hangup') return led;
      next = led ?? first;
      if (leg.now - began < LEAST_MS && led === undefined) await sound(this.run, 'silence', '', LEAST_MS, 'later');
    }
  }

  private async music(): Promise<Next> {
    const { leg, signal } = this.run;
    const tune = leg.sounds('music', '');
    await until<void>(signal, () => () => leg.falls(tune));
    return undefined;
  }

  private told(): Record<string, string> {
    return {
      QueueSid: this.sid, QueueTime: this.seconds, QueuePosition: String(this.waiting.indexOf(this.run.leg.sid) + 1), AvgQueueTime: this.seconds,
      CurrentQueueSize: String(this.waiting.length), MaxQueueSize: String(numberOf(this.verb, 'maxQueueSize', MOST_WAITING)),
    };
  }

  private get sid(): string {
    return sidOf('QU', `${this.run.leg.call.accountSid} ${this.verb.text}`);
  }

  private get seconds(): string {
    return String(secondsBetween(this.startedAt, this.run.world.clock.ms()));
  }
}
