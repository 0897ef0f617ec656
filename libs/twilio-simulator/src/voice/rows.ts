import type { Dated, HookMethod } from '../entities.js';

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

export type RecordingSource = 'RecordVerb' | 'DialVerb' | 'Conference' | 'OutboundAPI';

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
