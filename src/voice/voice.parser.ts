import {
  type CallParams, callParams, type ConnectParams, connectParams, type GatherParams, gatherParams, type RecordingParams, recordingParams,
  type TranscriptionParams, transcriptionParams,
} from '@throughline/twilio/voice.types.js';
import { type Form, parseForm } from '@throughline/twilio/webhooks.js';
import { z } from 'zod';
import { type Next, nexts } from '../calls/calls.types.js';
import { type VoiceEngine, voiceEngines } from '../tenancy/tenancy.types.js';

export const parseCall = (form: Form): CallParams => parseForm(callParams, form);
export const parseConnect = (form: Form): ConnectParams => parseForm(connectParams, form);
export const parseGather = (form: Form): GatherParams => parseForm(gatherParams, form);
export const parseRecording = (form: Form): RecordingParams => parseForm(recordingParams, form);
export const parseTranscription = (form: Form): TranscriptionParams => parseForm(transcriptionParams, form);

/** Call states in which somebody is on the line. */
const ON_THE_LINE = new Set(['ringing', 'in-progress', 'queued', 'initiated']);
export const isOnTheLine = (callStatus: string | undefined): boolean => callStatus === undefined || ON_THE_LINE.has(callStatus);

const handoffSchema = z.object({ next: z.enum(nexts) });

/** What whoever spoke wanted to come next. It comes back through Twilio; what is odd means nothing. */
export function nextIn(handoffData: string | undefined): Next | null {
  try {
    return handoffSchema.parse(JSON.parse(handoffData ?? '')).next;
  } catch {
    return null;
  }
}

/** Which engine's line an address of ours was for. */
export const engineIn = (name: string | undefined): VoiceEngine => voiceEngines.find((each) => each === name) ?? 'relay';
