import type { Clock } from '@throughline/kernel/clock.js';
import type { HookMethod } from '../entities.js';
import type { Feed } from '../feed.js';
import type { Scheduler } from '../scheduler.js';
import { isoMillis } from '../wire.js';
import type { PhoneCall } from './rows.js';
import { Stopped } from './waiting.js';

/** `voice`: another person on the line; `tone`: digits; `ring` and `busy`: what the network plays. */
export type HeardKind = 'say' | 'play' | 'relay' | 'beep' | 'music' | 'stream' | 'silence' | 'voice' | 'tone' | 'ring' | 'busy';

/** How the session of a ConversationRelay may be broken from outside. */
export type RelayBreak = 'drop' | 'malformed' | 'provider';

/** Something that the person on a leg hears. */
export interface Heard {
  kind: HeardKind;
  /** Words, the address of what is played, or digits. What was cut short says what was heard of it. */
  text: string;
  at: string;
  /** Null while it sounds. */
  until: string | null;
  isCut?: true;
  /** The call sid of who speaks, where that is a person. */
  from?: string;
  /** In which language, where the app may choose. */
  language?: string;
}

/** Something that the person on a leg has said, or keys that they have pressed. */
export interface Said {
  kind: 'words' | 'keys';
  text: string;
  at: string;
  /** Null: nobody listened. */
  takenBy: string | null;
}

export interface Spoken {
  text: string;
  /** In which language, where an engine may find that out. */
  language?: string | undefined;
  /** What an engine made of it while it was being said, oldest first, each the whole so far. */
  partials: string[];
}

/** What listens to the person: a Gather, a recording, a relay, a conference. */
export interface Ear {
  readonly name: string;
  /** @returns whether it has taken it in */
  speech(spoken: Spoken): boolean;
  digit(digit: string): boolean;
}

interface House {
  clock: Clock;
  scheduler: Scheduler;
  feed: Feed;
}

/** `inbound`: what the person says; `outbound`: what they hear said. */
export type Track = 'inbound' | 'outbound';

const WORDS: readonly HeardKind[] = ['say', 'relay', 'stream', 'voice'];

/** The live side of a call: what its person hears, who listens to them, and what can be called off. */
export class Leg {
  readonly heard: Heard[] = [];
  readonly problems: { code: number; message: string; at: string }[] = [];
  /** Where a document is asked for when the first address fails. */
  fallback: { url: string; method: HookMethod } | null = null;
  /** While its phone rings: what the person may do. Null: it does not ring. */
  ringing: { pickUp(greeting: string | null): void; decline(): void } | null = null;
  readonly said: Said[] = [];
  /** Who takes down what is said, on either side. */
  readonly scribes = new Set<(track: Track, text: string, partials: string[]) => void>();
  /** What goes on beside the verbs, by its name, and how it is ended. */
  readonly started = new Map<string, () => void>();
  /** Run once, when the call is over. */
  readonly farewells: (() => void)[] = [];
  /** The recording of the whole call, told with its end. */
  recordingSid: string | null = null;
  /** The relay that the call is connected to at the moment. */
  relay: { breaks(how: RelayBreak): void; catchUp(): void } | null = null;
  hadRelay = false;
  /** What went over its relays' sockets. */
  readonly frames: { at: string; by: 'twilio' | 'app'; frame: string }[] = [];
  private readonly ears: Ear[] = [];
  private wokenAt: number | undefined;
  private running = new AbortController();

  constructor(private readonly house: House, readonly call: PhoneCall) {}

  get sid(): string {
    return this.call.sid;
  }

  get isOver(): boolean {
    return this.call.endedAt !== null;
  }

  /** Where the leg is in time: a wait that a leap of the clock has ended goes on from where it was due. */
  get now(): number {
    return this.wokenAt ?? this.house.clock.ms();
  }

  wakes(at: number): void {
    this.wokenAt = at;
    // What follows at once follows then; all that comes later, an answer or a key, comes now.
    setImmediate(() => (this.wokenAt = undefined));
  }

  /** Does something so much later. @returns what takes it back */
  later(ms: number, what: () => void): () => void {
    return this.house.scheduler.at(this.now + ms, 'later', (at) => {
      this.wakes(at);
      what();
    });
  }

  /** Calls off what is under way. @returns the signal of what comes next */
  restart(why: Stopped): AbortSignal {
    this.running.abort(why);
    this.running = new AbortController();
    return this.running.signal;
  }

  stop(why: Stopped): void {
    this.running.abort(why);
  }

  /** @returns what takes the ear away again */
  listen(ear: Ear): () => void {
    this.ears.push(ear);
    return () => {
      const at = this.ears.indexOf(ear);
      if (at >= 0) this.ears.splice(at, 1);
    };
  }

  /** Who takes in what the person says or presses: the last that began to listen and wants it. Null: nobody. */
  offer(take: (ear: Ear) => boolean): string | null {
    return [...this.ears].reverse().find(take)?.name ?? null;
  }

  /** The person says something. @returns what took it in; null: nobody listened */
  says(spoken: Spoken): string | null {
    // Noted before anybody takes it in: who does may end what records it.
    const said = this.notes('words', spoken.text);
    for (const scribe of this.scribes) scribe('inbound', spoken.text, spoken.partials);
    return (said.takenBy = this.offer((ear) => ear.speech(spoken)));
  }

  /** The person presses keys. @returns what took in the last of them */
  presses(digits: string): string | null {
    const said = this.notes('keys', digits);
    for (const digit of digits) said.takenBy = this.offer((ear) => ear.digit(digit));
    return said.takenBy;
  }

  /** Something begins to sound. */
  sounds(kind: HeardKind, text: string, more: Pick<Heard, 'from' | 'language'> = {}): Heard {
    const sound: Heard = { kind, text, at: isoMillis(this.now), until: null, ...more };
    this.heard.push(sound);
    this.tell(sound);
    return sound;
  }

  /** It has ended; `heard`: it was cut, and this is what was heard of it. */
  falls(sound: Heard, heard?: string): void {
    if (sound.until !== null) return;
    sound.until = isoMillis(this.now);
    if (heard !== undefined) Object.assign(sound, { text: heard, isCut: true });
    if (WORDS.includes(sound.kind) && sound.text !== '') for (const scribe of this.scribes) scribe('outbound', sound.text, []);
    this.tell(sound);
  }

  /** Something short enough to have no length. */
  hears(kind: HeardKind, text: string, from?: string): void {
    this.falls(this.sounds(kind, text, from === undefined ? {} : { from }));
  }

  /** Something in the call is wrong: an alert in Twilio's debugger. */
  note(code: number, message: string): void {
    const problem = { code, message, at: isoMillis(this.now) };
    this.problems.push(problem);
    this.house.feed.emit('call-problem', { callSid: this.sid, ...problem });
  }

  private notes(kind: Said['kind'], text: string): Said {
    const said: Said = { kind, text, at: isoMillis(this.house.clock.ms()), takenBy: null };
    this.said.push(said);
    return said;
  }

  private tell(sound: Heard): void {
    this.house.feed.emit('heard', { callSid: this.sid, ...sound });
  }
}
