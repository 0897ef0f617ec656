import { rfc2822 } from '../wire.js';
import type { World } from '../world.js';
import type { Invited, Member, Room } from './room.js';

/** Each event, and the word by which it is asked for. */
const ASKED_FOR_BY = {
  'conference-start': 'start', 'conference-end': 'end', 'participant-join': 'join', 'participant-leave': 'leave',
  'participant-mute': 'mute', 'participant-unmute': 'mute', 'participant-hold': 'hold', 'participant-unhold': 'hold',
  'participant-modify': 'modify', 'participant-speech-start': 'speaker', 'participant-speech-stop': 'speaker',
  'announcement-end': 'announcement', 'announcement-fail': 'announcement',
} as const;

export type RoomEvent = keyof typeof ASKED_FOR_BY;

export const ROOM_EVENTS: readonly string[] = [...new Set(Object.values(ASKED_FOR_BY))];

/** Tells an event of a room where the first who joined wished it. */
export function tellRoom(world: World, room: Room, event: RoomEvent, params: Record<string, string> = {}): void {
  const { row, callback } = room;
  world.feed.emit('conference', { ...row, event, ...params });
  if (!callback?.events.includes(ASKED_FOR_BY[event])) return;
  world.webhooks.send({
    accountSid: row.accountSid, event: 'conference', family: 'voice', method: callback.method, url: callback.url, chain: row.sid,
    params: {
      AccountSid: row.accountSid, ConferenceSid: row.sid, FriendlyName: row.friendlyName, StatusCallbackEvent: event,
      SequenceNumber: String((room.sequence += 1)), Timestamp: rfc2822(world.clock.ms()), ...params,
    },
  });
}

export const memberParams = (member: Member | Invited): Record<string, string> => ({
  CallSid: member.leg.sid,
  ...(member.label === null ? {} : { ParticipantLabel: member.label }),
  Muted: String(member.muted),
  Hold: String('hold' in member && member.hold),
  Coaching: String(member.coached !== null),
  ...(member.coached === null ? {} : { CallSidToCoach: member.coached }),
  StartConferenceOnEnter: String(member.startOnEnter),
  EndConferenceOnExit: String(member.endOnExit),
});
