import { methodOf, resolve } from './fetching.js';
import type { CallbackWish } from './rows.js';
import type { Run } from './run.js';
import type { Verb } from '../twiml.js';

/** Where a verb or noun wants to be told of its recording. */
export function recordingWish(run: Run, verb: Verb): CallbackWish | null {
  const { recordingStatusCallback, recordingStatusCallbackEvent = 'completed' } = verb.attributes;
  if (!recordingStatusCallback) return null;
  return {
    url: resolve(run.base, recordingStatusCallback), method: methodOf(verb, 'recordingStatusCallbackMethod'),
    events: recordingStatusCallbackEvent.split(/\s+/),
  };
}
