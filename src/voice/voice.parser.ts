import {
  type CallParams, callParams, type ConnectParams, connectParams, type GatherParams, gatherParams, type RecordingParams, recordingParams, relayFrame, type RelayFrame, type RelayReply,
  type TranscriptionParams, transcriptionParams,
} from '@throughline/twilio/voice.types.js';
import { type Form, parseForm } from '@throughline/twilio/webhooks.js';
import { z } from 'zod';

export const parseCall = (form: Form): CallParams => parseForm(callParams, form);
export const parseConnect = (form: Form): ConnectParams => parseForm(connectParams, form);
export const parseGather = (form: Form): GatherParams => parseForm(gatherParams, form);
export const parseRecording = (form: Form): RecordingParams => parseForm(recordingParams, form);
export const parseTranscription = (form: Form): TranscriptionParams => parseForm(transcriptionParams, form);

/** Call states in which somebody is on the line. */
const ON_THE_LINE = new Set(['ringing', 'in-progress', 'queued', 'initiated']);
export const isOnTheLine = (callStatus: string | undefined): boolean => callStatus === undefined || ON_THE_LINE.has(callStatus);

const handoffSchema = z.object({ next: z.enum(['voicemail', 'hang_up', 'transfer']) });

export type Next = z.infer<typeof handoffSchema>['next'];

/** The end of a socket, and what is to come next. */
export const ending = (next: Next): RelayReply => ({ type: 'end', handoffData: JSON.stringify({ next }) });

/** What whoever spoke wanted to come next. It comes back through Twilio; what is odd means nothing. */
export function nextIn(handoffData: string | undefined): Next | null {
  try {
    return handoffSchema.parse(JSON.parse(handoffData ?? '')).next;
  } catch {
    return null;
  }
}

const KNOWN_FRAMES = new Set(['setup', 'prompt', 'dtmf', 'interrupt', 'info', 'error']);

/** A frame of a call's socket. Null for a kind that we do not know: Twilio adds some without notice. */
export function frameIn(text: string): RelayFrame | 'malformed' | null {
  try {
    const parsed = JSON.parse(text) as { type?: unknown } | null;
    const result = relayFrame.safeParse(parsed);
    if (result.success) return result.data;
    return typeof parsed?.type === 'string' && !KNOWN_FRAMES.has(parsed.type) ? null : 'malformed';
  } catch {
    return 'malformed';
  }
}
