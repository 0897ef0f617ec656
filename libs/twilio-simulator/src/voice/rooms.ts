import { newSid } from '../sids.js';
import type { World } from '../world.js';
import { refreshAmbience } from './ambience.js';
import type { Spoken } from './leg.js';
import { finishRecording, startRecording } from './recordings.js';
import type { Beep, Member, Room } from './room.js';
import { memberParams, tellRoom } from './room-events.js';
import type { CallStatus } from './rows.js';
import { Stopped } from './waiting.js';

export type LeaveReason =
  | 'conference_ended_via_api' | 'moderator_ended_conference' | 'participant_updated_via_api' | 'participant_hung_up' | 'participant_add_failed';

type EndReason =
  | 'conference-ended-via-api' | 'last-participant-left' | 'last-participant-kicked'
  | 'participant-with-end-conference-on-exit-left' | 'participant-with-end-conference-on-exit-kicked';

const MOST_MEMBERS = 250;

/** The room of this name that has not ended; a name whose room has ended opens another. */
export function roomOf(world: World, accountSid: string, name: string): Room {
  const open = [...world.rooms.values()].find(({ row }) => row.accountSid === accountSid && row.friendlyName === name);
  if (open) return open;
  const now = world.clock.ms();
  const row = world.store.conferences.save({
    sid: newSid('CF'), accountSid, createdAt: now, updatedAt: now, friendlyName: name, status: 'init', reasonEnded: null, callSidEnding: null,
  });
  const room: Room = {
    row, members: new Map(), invited: new Map(), callback: undefined, sequence: 0, isStarted: false, mostMembers: MOST_MEMBERS,
    recordingWish: null, recording: null, said: [],
  };
  world.rooms.set(row.sid, room);
  return room;
}

const beepsOn = (beep: Beep, moment: 'onEnter' | 'onExit'): boolean => beep === 'true' || beep === moment;

/** Somebody comes in. It starts with the second, once one is there who may start it. */
export function join(world: World, room: Room, member: Member): void {
  room.members.set(member.leg.sid, member);
  room.invited.delete(member.leg.sid);
  tellRoom(world, room, 'participant-join', memberParams(member));
  if (!room.isStarted && room.members.size >= 2 && [...room.members.values()].some((one) => one.startOnEnter)) start(world, room);
  if (room.isStarted && beepsOn(member.beep, 'onEnter')) beep(room);
  refreshAll(world, room);
}

function start(world: World, room: Room): void {
  room.isStarted = true;
  Object.assign(room.row, { status: 'in-progress', updatedAt: world.clock.ms() });
  world.store.conferences.save(room.row);
  tellRoom(world, room, 'conference-start');
  const [first] = room.members.values();
  if (!room.recordingWish || !first) return;
  room.recording = startRecording(world, first.leg, 'Conference', room.recordingWish, room.row.sid);
}

/**
 * Somebody goes, of their own will or not; twice is once.
 * @param status what became of their call
 * @param how whether they were put out
 */
export function leave(world: World, room: Room, member: Member, reason: LeaveReason, status: CallStatus, how: 'left' | 'kicked' = 'left'): void {
  if (!take(world, room, member, reason, status)) return;
  if (room.isStarted && beepsOn(member.beep, 'onExit')) beep(room);
  if (member.endOnExit) return end(world, room, `participant-with-end-conference-on-exit-${how}`, member);
  if (room.members.size === 0 && room.invited.size === 0) return end(world, room, `last-participant-${how}`, member);
  refreshAll(world, room);
}

function take(world: World, room: Room, member: Member, reason: LeaveReason, status: CallStatus): boolean {
  if (!room.members.delete(member.leg.sid)) return false;
  member.ambience.stop.abort(new Stopped('cut'));
  tellRoom(world, room, 'participant-leave', { ...memberParams(member), ReasonParticipantLeft: reason, ParticipantCallStatus: status });
  member.leaves();
  return true;
}

const SENTENCES: Record<EndReason, string> = {
  'conference-ended-via-api': 'Conference ended via API',
  'last-participant-left': 'The last participant left the conference',
  'last-participant-kicked': 'The last participant was kicked from the conference',
  'participant-with-end-conference-on-exit-left': 'Participant with endConferenceOnExit=true left the conference',
  'participant-with-end-conference-on-exit-kicked': 'Participant with endConferenceOnExit=true was kicked from the conference',
};

/** Ends it for everybody. @param by who brought it about by going */
export function end(world: World, room: Room, reason: EndReason, by?: Member): void {
  const { row } = room;
  if (row.status === 'completed') return;
  Object.assign(row, { status: 'completed', reasonEnded: reason, callSidEnding: by?.leg.sid ?? null, updatedAt: world.clock.ms() });
  world.store.conferences.save(row);
  world.rooms.delete(row.sid);
  const left: LeaveReason = reason === 'conference-ended-via-api' ? 'conference_ended_via_api' : 'moderator_ended_conference';
  // Who is still being called has nowhere to go any more.
  const invited = [...room.invited.values()];
  room.invited.clear();
  for (const one of invited) one.giveUp();
  const someone = by ?? [...room.members.values()][0];
  for (const member of room.members.values()) take(world, room, member, left, 'in-progress');
  if (room.recording && someone) finishRecording(world, someone.leg, room.recording, room.said.join('\n'));
  tellRoom(world, room, 'conference-end', {
    ReasonConferenceEnded: reason, Reason: SENTENCES[reason],
    ...(by ? { CallSidEndingConference: by.leg.sid } : {}), ...(by?.label ? { ParticipantLabelEndingConference: by.label } : {}),
  });
}

/** What somebody says is heard by all who are there, or by the one they coach. @returns whether anybody could hear it */
export function speakInRoom(world: World, room: Room, member: Member, { text }: Spoken): boolean {
  const audience = audienceOf(room, member);
  if (audience.length === 0) return false;
  tellRoom(world, room, 'participant-speech-start', memberParams(member));
  for (const { leg } of audience) leg.hears('voice', text, member.leg.sid);
  if (room.recording && member.coached === null) room.said.push(text);
  tellRoom(world, room, 'participant-speech-stop', memberParams(member));
  return true;
}

export function audienceOf(room: Room, member: Member): Member[] {
  if (!room.isStarted || member.muted || member.hold) return [];
  return [...room.members.values()].filter((one) => one !== member && !one.hold && (member.coached === null || one.leg.sid === member.coached));
}

function beep(room: Room): void {
  for (const { leg, hold } of room.members.values()) if (!hold) leg.hears('beep', '');
}

export function refreshAll(world: World, room: Room): void {
  for (const member of room.members.values()) refreshAmbience(world, room, member);
}

/** A room that nobody has come into after all was never there. */
export function closeEmpty(world: World, room: Room): void {
  if (room.members.size > 0 || room.invited.size > 0) return;
  world.rooms.delete(room.row.sid);
  world.store.conferences.remove(room.row.sid);
}

/** Somebody who was called for the room does not come. */
export function forgetInvited(world: World, room: Room, callSid: string, status: CallStatus): void {
  const invited = room.invited.get(callSid);
  if (!invited || !room.invited.delete(callSid)) return;
  tellRoom(world, room, 'participant-leave', {
    ...memberParams(invited), ReasonParticipantLeft: 'participant_add_failed', ParticipantCallStatus: status,
  });
  if (room.members.size === 0 && room.invited.size === 0) end(world, room, 'last-participant-left');
}
