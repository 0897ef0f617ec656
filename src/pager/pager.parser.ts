import { callParams, detectionParams, outgoingParams } from '@throughline/twilio/voice.types.js';
import { type Form, parseForm } from '@throughline/twilio/webhooks.js';
import { messageStatusCallback } from '@throughline/twilio/wire.types.js';
import { z } from 'zod';

const pressParams = callParams.extend({ Digits: z.string().max(64).optional().catch(undefined) });

export const parseCall = (form: Form): z.infer<typeof outgoingParams> => parseForm(outgoingParams, form);
export const parsePress = (form: Form): z.infer<typeof pressParams> => parseForm(pressParams, form);
export const parseDetection = (form: Form): z.infer<typeof detectionParams> => parseForm(detectionParams, form);
export const parseText = (form: Form): z.infer<typeof messageStatusCallback> => parseForm(messageStatusCallback, form);

const ENDS: Record<string, 'unanswered' | 'engaged' | 'failed' | 'hung_up'> = {
  'no-answer': 'unanswered', canceled: 'unanswered', busy: 'engaged', failed: 'failed', completed: 'hung_up',
};
/** Temporarily away, which some carriers answer for a phone that nobody picks up. */
const AWAY = 480;

/** What the end of a call means; null while it goes on. */
export const endOf = (status: string | undefined, sipCode: number | undefined): (typeof ENDS)[string] | null =>
  (status === 'failed' && sipCode === AWAY ? 'unanswered' : (ENDS[status ?? ''] ?? null));

const TEXTS: Record<string, 'accepted' | 'delivered' | 'failed'> = {
  accepted: 'accepted', queued: 'accepted', sending: 'accepted', sent: 'accepted', delivered: 'delivered', read: 'delivered', failed: 'failed', undelivered: 'failed', canceled: 'failed',
};

/** What a status of a text means; null for one that says nothing. */
export const textFate = (status: string): (typeof TEXTS)[string] | null => TEXTS[status] ?? null;
