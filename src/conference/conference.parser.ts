import { type CallParams, callParams } from '@throughline/twilio/voice.types.js';
import { type Form, parseForm } from '@throughline/twilio/webhooks.js';
import { z } from 'zod';
import type { AttemptEvent } from '../transfer/transfer.types.js';

const short = z.string().max(64).optional().catch(undefined);
const pressParams = callParams.extend({ Digits: short });
const eventParams = z.looseObject({
  AccountSid: z.string(),
  StatusCallbackEvent: z.string().max(64),
  CallSid: z.string().max(64).optional(),
  ParticipantLabel: short,
  ParticipantCallStatus: short,
  ReasonParticipantLeft: short,
});

export const parseCall = (form: Form): CallParams => parseForm(callParams, form);
export const parsePress = (form: Form): z.infer<typeof pressParams> => parseForm(pressParams, form);
export const parseEvent = (form: Form): z.infer<typeof eventParams> => parseForm(eventParams, form);

const GOES_ON = new Set(['queued', 'initiated', 'ringing', 'in-progress', 'answered']);
export const isOnTheLine = (status: string | undefined): boolean => status === undefined || GOES_ON.has(status);

const ENDS: Record<string, Extract<AttemptEvent, 'unanswered' | 'engaged' | 'unreachable' | 'hung_up'>> = {
  'no-answer': 'unanswered', canceled: 'unanswered', busy: 'engaged', failed: 'unreachable', completed: 'hung_up',
};
/** Temporarily away, which some carriers answer for a phone that nobody picks up. */
const AWAY = '480';

/** What the end of a specialist's call means; null while it goes on. */
export function endOf(status: string | undefined, sipCode: unknown): (typeof ENDS)[string] | null {
  if (isOnTheLine(status)) return null;
  return status === 'failed' && sipCode === AWAY ? 'unanswered' : (ENDS[status!] ?? 'hung_up');
}
