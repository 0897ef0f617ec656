import type { World } from '../world.js';
import type { PhoneCall, Recording } from './rows.js';

/** Parameters that every webhook of a call carries (facts A1). */
export function callParams(call: PhoneCall): Record<string, string> {
  return {
    AccountSid: call.accountSid,
    ApiVersion: '2010-04-01',
    CallSid: call.sid,
    CallStatus: call.status,
    Direction: call.direction,
    From: call.from,
    To: call.to,
    Caller: call.from,
    Called: call.to,
    ...place('From', call.from), ...place('Caller', call.from), ...place('To', call.to), ...place('Called', call.to),
    ...(call.parentCallSid === null ? {} : { ParentCallSid: call.parentCallSid }),
    ...(call.forwardedFrom === null ? {} : { ForwardedFrom: call.forwardedFrom }),
    ...(call.callerName === null ? {} : { CallerName: call.callerName }),
    ...(call.answeredBy === null ? {} : { AnsweredBy: call.answeredBy }),
  };
}

/** Twilio names the place of a number where it knows it; mostly the fields are there and empty. */
function place(side: string, address: string): Record<string, string> {
  if (!/^\+\d{10,}$/.test(address)) return {};
  return {
    [`${side}City`]: '', [`${side}State`]: '', [`${side}Zip`]: '', [`${side}Country`]: address.startsWith('+1') ? 'US' : '',
  };
}

/** Whole seconds between two instants. */
export const secondsBetween = (from: number, to: number): number => Math.max(Math.round((to - from) / 1_000), 0);

/** How long a call has been talked on, in seconds; 0 for one that nobody answered. */
export const talkSeconds = (world: World, call: PhoneCall): number =>
  call.answeredAt === null ? 0 : secondsBetween(call.answeredAt, call.endedAt ?? world.clock.ms());

/** Where it is played from; `.json` is its description, `.mp3` and `.wav` are its sound. */
export const recordingUrl = (recording: Recording): string =>
  `https://api.twilio.com/2010-04-01/Accounts/${recording.accountSid}/Recordings/${recording.sid}`;

export const recordingParams = (recording: Recording): Record<string, string> => ({
  RecordingSid: recording.sid, RecordingUrl: recordingUrl(recording), RecordingDuration: String(recording.seconds),
});
