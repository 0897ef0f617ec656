import { rfc2822 } from '../wire.js';
import type { Invited, Member } from './room.js';
import type { Conference } from './rows.js';

const pathOf = (row: Conference): string => `/2010-04-01/Accounts/${row.accountSid}/Conferences/${row.sid}`;

export const conferenceJson = (row: Conference): Record<string, unknown> => ({
  account_sid: row.accountSid,
  api_version: '2010-04-01',
  call_sid_ending_conference: row.callSidEnding,
  date_created: rfc2822(row.createdAt),
  date_updated: rfc2822(row.updatedAt),
  friendly_name: row.friendlyName,
  reason_conference_ended: row.reasonEnded,
  region: 'us1',
  sid: row.sid,
  status: row.status,
  subresource_uris: { participants: `${pathOf(row)}/Participants.json`, recordings: `${pathOf(row)}/Recordings.json` },
  uri: `${pathOf(row)}.json`,
});

/** Somebody in the room, or called for it. */
export function participantJson(row: Conference, one: Member | Invited): Record<string, unknown> {
  const { leg } = one;
  const isIn = 'joinedAt' in one;
  const createdAt = isIn ? one.joinedAt : one.invitedAt;
  return {
    account_sid: row.accountSid,
    call_sid: leg.sid,
    call_sid_to_coach: one.coached,
    coaching: one.coached !== null,
    conference_sid: row.sid,
    date_created: rfc2822(createdAt),
    date_updated: rfc2822(isIn ? one.updatedAt : createdAt),
    end_conference_on_exit: one.endOnExit,
    hold: isIn && one.hold,
    label: one.label,
    muted: one.muted,
    queue_time: leg.call.direction === 'outbound-api' ? String(leg.call.queueMs) : null,
    start_conference_on_enter: one.startOnEnter,
    status: isIn ? 'connected' : leg.call.status === 'queued' ? 'queued' : leg.call.status === 'ringing' ? 'ringing' : 'connecting',
    uri: `${pathOf(row)}/Participants/${leg.sid}.json`,
  };
}
