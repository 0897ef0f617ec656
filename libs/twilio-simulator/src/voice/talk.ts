import type { World } from '../world.js';
import type { Heard, Leg } from './leg.js';
import type { Interruptible } from './relay-settings.js';

/** One talk cycle of the app: words that came in tokens, or something played. */
interface Utterance {
  kind: 'relay' | 'play';
  text: string;
  /** Where in the text each token ends, of those not yet played. */
  ends: number[];
  /** Nothing more will come. */
  isWhole: boolean;
  /** Where the last token that was played ends. */
  played: number;
  /** Characters that have sounded. */
  spoken: number;
  /** Milliseconds that a character takes. */
  pace: number;
  interruptible: Interruptible;
  preemptible: boolean;
  language?: string | undefined;
  sound: Heard | null;
  beganAt: number;
  /** Since when the characters after `spoken` sound. */
  since: number;
}

export interface Manner {
  interruptible: Interruptible;
  preemptible: boolean;
  language?: string | undefined;
}

export interface TalkListener {
  /** A token was played to its end. */
  played(text: string): void;
  speaking(isSpeaking: boolean): void;
}

/** What the app has said and the caller hears: one cycle after the other, at the speed of speech. */
export class Talk {
  private readonly queue: Utterance[] = [];
  private wake = 0;

  constructor(private readonly world: World, private readonly leg: Leg, private readonly listener: TalkListener) {}

  /** The cycle under way, which also lasts while its next token is awaited. */
  get current(): Readonly<Manner> | undefined {
    return this.queue[0];
  }

  /** One token. It belongs to the last cycle, unless that is whole; the first token of a cycle says how it may be cut. */
  say(token: string, isLast: boolean, manner: Manner): void {
    const last = this.queue.at(-1);
    const isNew = last === undefined || last.isWhole || last.kind === 'play';
    if (isNew && token === '' && isLast) return;
    const cycle = isNew ? this.add('relay', this.world.switches.values.speechMsPerChar, manner) : last;
    // Words that come late are not made up for.
    if (cycle.spoken === cycle.text.length) cycle.since = this.world.clock.ms();
    cycle.text += token;
    cycle.isWhole = isLast;
    if (token !== '') cycle.ends.push(cycle.text.length);
    this.goOn();
  }

  /** @param times 0 stands for a thousand */
  play(source: string, times: number, manner: Manner): void {
    const ms = this.world.switches.values.playMs * (times || 1_000);
    const cycle = this.add('play', ms / Math.max(source.length, 1), manner);
    Object.assign(cycle, { text: source, ends: [source.length], isWhole: true });
    this.goOn();
  }

  /** What has sounded until now has been heard, also of a token that is not at its end yet. */
  catchUp(): void {
    const [cycle] = this.queue;
    if (cycle?.sound) this.settle(cycle, this.world.clock.ms());
  }

  /** Cuts what is being said and forgets what was to follow. @returns what was heard of it, undefined where all was quiet */
  cut(): { heard: string; ms: number } | undefined {
    const [cycle] = this.queue;
    if (!cycle) return undefined;
    this.settle(cycle, this.world.clock.ms());
    const heard = cycle.text.slice(0, cycle.spoken);
    if (cycle.sound) this.leg.falls(cycle.sound, cycle.kind === 'play' ? cycle.text : heard);
    this.queue.length = 0;
    this.wake += 1;
    this.listener.speaking(false);
    return { heard, ms: Math.max(Math.round(this.world.clock.ms() - cycle.beganAt), 0) };
  }

  private add(kind: Utterance['kind'], pace: number, manner: Manner): Utterance {
    if (this.queue[0]?.preemptible) this.cut();
    const cycle: Utterance = {
      kind, text: '', ends: [], isWhole: false, played: 0, spoken: 0, pace, ...manner, sound: null, beganAt: 0, since: 0,
    };
    this.queue.push(cycle);
    return cycle;
  }

  /** Takes what has sounded by then into account and waits for what comes next. */
  private goOn(now = this.world.clock.ms()): void {
    for (let [cycle] = this.queue; cycle; [cycle] = this.queue) {
      if (!cycle.sound) this.start(cycle, now);
      this.settle(cycle, now);
      if (cycle.spoken < cycle.text.length) return this.wait(cycle);
      cycle.since = now;
      if (!cycle.isWhole) return;
      this.leg.falls(cycle.sound!);
      this.queue.shift();
      this.listener.speaking(false);
    }
  }

  private start(cycle: Utterance, now: number): void {
    cycle.beganAt = cycle.since = now;
    cycle.sound = this.leg.sounds(cycle.kind, cycle.kind === 'play' ? cycle.text : '', cycle.language === undefined ? {} : { language: cycle.language });
    this.listener.speaking(true);
  }

  private settle(cycle: Utterance, now: number): void {
    const most = cycle.pace === 0 ? cycle.text.length : Math.floor((now - cycle.since) / cycle.pace + 1e-6);
    const more = Math.min(most, cycle.text.length - cycle.spoken);
    if (more > 0) {
      cycle.spoken += more;
      cycle.since += more * cycle.pace;
    }
    if (cycle.kind === 'relay' && cycle.sound) cycle.sound.text = cycle.text.slice(0, cycle.spoken);
    while (cycle.ends[0] !== undefined && cycle.ends[0] <= cycle.spoken) {
      const end = cycle.ends.shift()!;
      this.listener.played(cycle.text.slice(cycle.played, end));
      cycle.played = end;
    }
  }

  /** Until the next token has sounded. */
  private wait(cycle: Utterance): void {
    const mine = (this.wake += 1);
    const end = cycle.ends[0] ?? cycle.text.length;
    const due = Math.ceil(cycle.since + (end - cycle.spoken) * cycle.pace);
    this.world.scheduler.at(due, cycle.kind === 'play' ? 'later' : 'walk', (now) => {
      if (this.wake === mine) this.goOn(now);
    });
  }
}
