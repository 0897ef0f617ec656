import { type CallParams, detectionParams, outgoingParams } from '@throughline/twilio/voice.types.js';
import { type Form, parseForm } from '@throughline/twilio/webhooks.js';

export type Outgoing = CallParams & { SipResponseCode?: number | undefined };

export const parseOutgoing = (form: Form): Outgoing => parseForm(outgoingParams, form);
export const parseDetection = (form: Form): { CallSid: string; AnsweredBy: string } => parseForm(detectionParams, form);
