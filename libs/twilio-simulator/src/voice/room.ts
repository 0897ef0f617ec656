import type { HookMethod } from '../entities.js';
import type { Leg } from './leg.js';
import type { Conference, Recording, RecordingCallbacks } from './rows.js';

export type Beep = 'true' | 'false' | 'onEnter' | 'onExit';

export interface Wish {
  /** Null: what there is without a wish, music; empty: silence. */
  url: string | null;
  method: HookMethod;
}

/** How somebody takes part. */
export interface Manners {
  label: string | null;
  muted: boolean;
  startOnEnter: boolean;
  endOnExit: boolean;
  beep: Beep;
  wait: Wish;
  /** The call sid of the only one who hears what this one says. */
  coached: string | null;
}

export interface Member extends Manners {
  leg: Leg;
  hold: boolean;
  holdMusic: Wish;
  joinedAt: number;
  updatedAt: number;
  /** Ends their stay: the call goes on behind its Dial. */
  leaves: () => void;
  /** What they hear instead of the others, and what ends it. */
  ambience: { name: string; stop: AbortController };
}

/** Somebody who has been called for a room and is not in it yet. */
export interface Invited extends Manners {
  leg: Leg;
  invitedAt: number;
  /** Calls them no longer. */
  giveUp: () => void;
}

/** A conference under way: its row, and who is in it in the order in which they came. */
export interface Room {
  row: Conference;
  members: Map<string, Member>;
  invited: Map<string, Invited>;
  /** Where its events are told, by the wish of the first who joined; undefined: nobody has joined. */
  callback: { url: string; method: HookMethod; events: string[] } | null | undefined;
  sequence: number;
  isStarted: boolean;
  mostMembers: number;
  /** How it is recorded once it has started, by the wish of the first who joined. */
  recordingWish: RecordingCallbacks | null;
  recording: Recording | null;
  said: string[];
}
