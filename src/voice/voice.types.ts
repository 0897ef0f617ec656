import type { WebSocket } from 'ws';
import type { Call } from '../calls/calls.types.js';
import type { Conversation, Aloud } from '../conversations/conversations.types.js';
import type { Tenant, VoiceEngine } from '../tenancy/tenancy.types.js';

/** A call, and whose it is. */
export interface OnTheLine {
  tenant: Tenant;
  call: Call;
}

/** What a token of a call opens. */
export interface Found {
  callSid: string;
  tenantId: string;
}

/** All that is needed of a call by whoever speaks in it. */
export interface Line {
  tenant: Tenant;
  call: Call & { session: string };
  conversationSid: string;
  aloud: Aloud;
  /** How far the thread was when it was last looked whether there is news of a specialist. */
  newsSeq?: number;
}

/** Something that speaks with callers. Its room registers it with `VoiceService`; the ladder decides who comes to it. */
export interface Engine {
  readonly name: VoiceEngine;
  /** @returns TwiML that brings the caller to it; null where it cannot be had now: they come to the rung below */
  connect(line: OnTheLine): Promise<string | null>;
  /** What Twilio opens at `WS /voice/<path>/<token>`; left out where no socket comes to us. */
  readonly sockets?: { readonly path: string; readonly framesPerSecond: number; open(found: Found, socket: WebSocket): Attendant };
}

/** Whoever attends one socket of a call. */
export interface Attendant {
  /** @returns false for a frame that is none */
  take(text: string): boolean;
  closed(code: number): void;
}

/** Whoever speaks in a call and has to know what happens around it. */
export interface Watched {
  /** The call that goes on here; null before it is known, and when it is being left. */
  readonly present: Line | null;
  /** Somebody else speaks to the caller by now, or nobody does any more. */
  isReplaced(): void;
  /** The conversation as it is now. */
  consider(conversation: Conversation | null): Promise<void>;
}
