import type { Dated, HookMethod } from '../entities.js';
import type { Row } from '../table.js';

export type CallStatus = 'queued' | 'ringing' | 'in-progress' | 'completed' | 'busy' | 'failed' | 'no-answer' | 'canceled';

/** Where the stages of a call are told, and which of them: initiated, ringing, answered, completed. */
export interface CallbackWish {
  url: string;
  method: HookMethod;
  events: string[];
}

/** A call, or one leg of a call of several. */
export interface PhoneCall extends Dated {
  parentCallSid: string | null;
  from: string;
  to: string;
  direction: 'inbound' | 'outbound-api' | 'outbound-dial';
  status: CallStatus;
  /** When it came in, or was dialled. */
  startedAt: number | null;
  /** When it was answered. */
  answeredAt: number | null;
  endedAt: number | null;
  answeredBy: string | null;
  forwardedFrom: string | null;
  callerName: string | null;
  phoneNumberSid: string | null;
  queueMs: number;
  callback: CallbackWish | null;
  /** Of the next status callback. */
  sequence: number;
  sipCode: number | null;
}

export type RecordingSource = 'RecordVerb' | 'Conference' | 'OutboundAPI' | 'StartCallRecordingTwiML';

export interface Recording extends Dated {
  callSid: string;
  conferenceSid: string | null;
  source: RecordingSource;
  status: 'in-progress' | 'completed' | 'absent';
  startedAt: number;
  seconds: number;
  /** What is said in it. */
  words: string;
  callbacks: RecordingCallbacks;
}

export interface RecordingCallbacks {
  status: CallbackWish | null;
  transcriptionUrl: string | null;
  isTranscribed: boolean;
}

/** What happens when a phone rings; `sid` is its address. Without one it rings until somebody does something. */
export interface Answering extends Row {
  /** `refused:21219` and the like: the call is not even made. */
  how: string;
  /** From the first ring on, in milliseconds of the clock. */
  afterMs: number;
  /** What a voicemail box says before its beep. */
  greeting: string;
  /** What a detector of machines takes it for, where that is not what it is: human, fax, unknown, machine_start … */
  takenFor: string | null;
}

/** A conference room, as it is listed; who is in it is in `room.ts`. */
export interface Conference extends Dated {
  friendlyName: string;
  status: 'init' | 'in-progress' | 'completed';
  reasonEnded: string | null;
  callSidEnding: string | null;
}
