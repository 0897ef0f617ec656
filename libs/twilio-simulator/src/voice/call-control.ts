import { isoMillis } from '../wire.js';
import type { World } from '../world.js';
import { setAnswering, type AnsweringRequest } from './answering.js';
import { endCall } from './calls.js';
import type { Heard, Leg, RelayBreak, Said } from './leg.js';
import { placeCall, type PlacedCall } from './placing.js';
import type { Answering, CallStatus, PhoneCall } from './rows.js';

/** A call as the person on its phone, and whoever watches, sees it. */
export interface CallView {
  callSid: string;
  parentCallSid: string | null;
  from: string;
  to: string;
  direction: PhoneCall['direction'];
  status: CallStatus;
  /** Whether its ConversationRelay is connected. */
  isRelayed: boolean;
  answeredBy: string | null;
  sipCode: number | null;
  /** When it came in, or was dialled. */
  startedAt: string | null;
  answeredAt: string | null;
  endedAt: string | null;
  /** What Twilio's debugger says of it. */
  problems: { code: number; message: string; at: string }[];
}

export interface SpokenWords {
  text: string;
  /** What is reported while the words are being said: each the whole so far; true: word by word. */
  partials?: string[] | boolean | undefined;
  /** Where the app lets the engine find out: es-ES … */
  language?: string | undefined;
}

/** What people do with their phones when they call and are called. */
export class CallControl {
  constructor(protected readonly world: World) {}

  /** Somebody's phone calls one of our numbers. */
  placeCall(call: PlacedCall): { callSid: string } {
    return { callSid: placeCall(this.world, call).sid };
  }

  /** Newest last; of one phone, if its address is given. */
  calls(address?: string): CallView[] {
    const rows = this.world.store.calls.all().filter((row) => address === undefined || [row.from, row.to].includes(address));
    return rows.map((row) => this.viewCall(row));
  }

  callState(callSid: string): CallView {
    const row = this.world.store.calls.get(callSid);
    if (!row) throw new RangeError(`There is no call ${callSid}`);
    return this.viewCall(row);
  }

  /** The person on the phone says something. @returns what took it in; null: nobody was listening */
  speak(callSid: string, words: string | SpokenWords): { takenBy: string | null } {
    const { text, partials = false, language } = typeof words === 'string' ? { text: words, language: undefined } : words;
    const soFar = partials === true ? wordByWord(text) : partials || [];
    return { takenBy: this.onLine(callSid).says({ text, partials: soFar, language }) };
  }

  /** The person on the phone presses keys. @returns what took in the last of them */
  press(callSid: string, digits: string): { takenBy: string | null } {
    if (!/^[0-9A-D*#]+$/.test(digits)) throw new RangeError(`"${digits}" are not keys of a phone: 0-9, A-D, * and #`);
    return { takenBy: this.onLine(callSid).presses(digits) };
  }

  /** What happens from now on when this phone rings. */
  answering(address: string, wanted: AnsweringRequest): Answering {
    return setAnswering(this.world, address, wanted);
  }

  /** Somebody picks up a phone that rings; with a greeting, a voicemail box does. */
  answer(callSid: string, greeting: string | null = null): void {
    this.ringing(callSid).pickUp(greeting);
  }

  decline(callSid: string): void {
    this.ringing(callSid).decline();
  }

  /** The person on the phone hangs up: ends the call, gives it up before it was answered, or declines it. */
  hangUp(callSid: string): void {
    const leg = this.leg(callSid);
    if (leg.ringing) leg.ringing.decline();
    else if (leg.call.status === 'in-progress') endCall(this.world, leg, 'completed');
    else endCall(this.world, leg, 'no-answer', 487);
  }

  /** All that the person on this phone has heard, in order; what sounds at the moment has no end yet. */
  heard(callSid: string): Heard[] {
    const leg = this.leg(callSid);
    leg.relay?.catchUp();
    return leg.heard.map((sound) => ({ ...sound }));
  }

  /** All that the person on this phone has said, and the keys that they have pressed, in order. */
  said(callSid: string): Said[] {
    return this.leg(callSid).said.map((each) => ({ ...each }));
  }

  /** What went over the sockets of this call's relays, in order. */
  relayFrames(callSid: string): Leg['frames'] {
    return [...this.leg(callSid).frames];
  }

  /** Breaks the relay of a call: the connection is lost, Twilio finds ten frames malformed, or a provider refuses. */
  breakRelay(callSid: string, how: RelayBreak = 'drop'): void {
    const { relay } = this.leg(callSid);
    if (!relay) throw new RangeError(`${callSid} has no relay at the moment`);
    if (!['drop', 'malformed', 'provider'].includes(how)) throw new RangeError(`A relay breaks by drop, malformed or provider, not by "${how}"`);
    relay.breaks(how);
  }

  private leg(callSid: string): Leg {
    const leg = this.world.legs.get(callSid);
    if (!leg) throw new RangeError(`There is no call ${callSid} on any phone`);
    return leg;
  }

  private ringing(callSid: string): NonNullable<Leg['ringing']> {
    const { ringing, call } = this.leg(callSid);
    if (!ringing) throw new RangeError(`${callSid} does not ring: it is ${call.status}`);
    return ringing;
  }

  private onLine(callSid: string): Leg {
    const leg = this.leg(callSid);
    if (leg.call.status !== 'in-progress') throw new RangeError(`${callSid} is ${leg.call.status}: nobody hears what is said`);
    return leg;
  }

  private viewCall(row: PhoneCall): CallView {
    const leg = this.world.legs.get(row.sid);
    return {
      callSid: row.sid, parentCallSid: row.parentCallSid, from: row.from, to: row.to, direction: row.direction, status: row.status,
      isRelayed: Boolean(leg?.relay), answeredBy: row.answeredBy, sipCode: row.sipCode,
      startedAt: iso(row.startedAt), answeredAt: iso(row.answeredAt), endedAt: iso(row.endedAt), problems: [...(leg?.problems ?? [])],
    };
  }
}

const iso = (ms: number | null): string | null => (ms === null ? null : isoMillis(ms));

/** "a b c" while it is being said: a, a b. */
function wordByWord(text: string): string[] {
  const words = text.split(/\s+/);
  return words.slice(0, -1).map((_, at) => words.slice(0, at + 1).join(' '));
}
