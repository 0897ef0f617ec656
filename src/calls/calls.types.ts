import type { VoiceEngine } from '../tenancy/tenancy.types.js';

/** What speaks to the caller: whatever their number has, or one request for each thing said. */
export type Engine = VoiceEngine | 'gather';

/** What whoever spoke to a caller wants to come next. `lower`: somebody else who answers. */
export const nexts = ['voicemail', 'hang_up', 'transfer', 'lower'] as const;
export type Next = (typeof nexts)[number];

/** A call that a carrier of ours has not got has a name that we have made. */
export const isAtTwilio = (callSid: string): boolean => /^CA[0-9a-fA-F]{32}$/.test(callSid);

export const callStates = ['ringing', 'talking', 'lost', 'voicemail', 'ended'] as const;
export type CallState = (typeof callStates)[number];

/** `line_lost`: the caller is still there, who spoke to them is not. `forgotten`: nobody told us how it ended. */
export type CallEvent = 'answered' | 'line_lost' | 'voicemail_began' | 'hung_up' | 'forgotten';

export interface Call {
  callSid: string;
  tenantId: string;
  contactId: string;
  /** Null until the Conversation of somebody new is made. */
  conversationSid: string | null;
  direction: 'inbound' | 'outbound';
  /** What is said first in a call that we make; in others the greeting is. */
  opening: string | null;
  /** The caller's number; for a caller without one the call itself, which unites nobody. */
  address: string;
  sender: string;
  /** The carrier vouches for the caller's number. */
  proved: boolean;
  state: CallState;
  engine: Engine | null;
  /** How often somebody has begun to speak to the caller. */
  sessions: number;
  session: string | null;
  /** Null while that is for the ladder to decide. */
  next: Next | null;
  /** Until then whoever speaks to the caller is believed to live. */
  liveUntil: Date | null;
  startedAt: Date;
  answeredAt: Date | null;
  endedAt: Date | null;
}

/** Somebody calls, as the door has read it. */
export interface Incoming {
  callSid: string;
  address: string;
  sender: string;
  proved: boolean;
  displayName?: string | undefined;
}

/** A call that we have placed: Twilio has it, and the phone rings. */
export type Outgoing = Pick<Call, 'callSid' | 'contactId' | 'address' | 'sender'> & { conversationSid: string; opening: string };

export interface Voicemail {
  recordingSid: string;
  tenantId: string;
  callSid: string;
  contactId: string;
  conversationSid: string | null;
  /** Where Twilio has it, without a suffix. Null: Twilio has not said yet, or it was erased. */
  url: string | null;
  seconds: number | null;
  transcript: string | null;
  state: 'recorded' | 'received';
  createdAt: Date;
}

/** How often a call is asked about whose end nobody has reported, in milliseconds. */
export const CHECK_EVERY_MS = 900_000;
