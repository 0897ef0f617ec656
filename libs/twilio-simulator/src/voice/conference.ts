import type { World } from '../world.js';
import { methodOf, resolve, tell } from './fetching.js';
import type { Ear, Spoken } from './leg.js';
import { recordingWish } from './recording-wish.js';
import type { Beep, Manners, Member, Room } from './room.js';
import { ROOM_EVENTS } from './room-events.js';
import { audienceOf, closeEmpty, join, leave, roomOf, speakInRoom } from './rooms.js';
import type { CallStatus } from './rows.js';
import type { Run } from './run.js';
import { flagOf, numberOf, type Verb } from '../twiml.js';
import { Stopped, until } from './waiting.js';

/**
 * `<Dial><Conference>`: the caller is in the room until they leave it, are put out, or it ends.
 * @returns parameters of the action; undefined: they did not come in, and the next verb follows
 */
export async function confer(run: Run, dial: Verb, noun: Verb): Promise<Record<string, string> | undefined> {
  const { world, leg, signal } = run;
  const room = roomOf(world, leg.call.accountSid, noun.text);
  const manners = mannersOf(run, noun);
  const refusal = refuse(room, manners, noun);
  if (refusal) {
    closeEmpty(world, room);
    return void leg.note(...refusal);
  }
  if (room.callback === undefined) founds(run, room, noun);
  const now = world.clock.ms();
  const member: Member = {
    ...manners, leg, hold: false, holdMusic: { url: null, method: 'GET' }, joinedAt: now, updatedAt: now,
    leaves: () => undefined, ambience: { name: '', stop: new AbortController() },
  };
  let wasJoined = false;
  try {
    await until<void>(signal, (done) => {
      member.leaves = done;
      const deaf = leg.listen(new Seat(world, room, member, flagOf(dial, 'hangupOnStar', false)));
      join(world, room, member);
      return () => {
        deaf();
        wasJoined = room.isStarted;
      };
    });
  } catch (stopped) {
    if (!(stopped instanceof Stopped)) throw stopped;
    const isRedirected = stopped.why === 'redirected';
    leave(world, room, member, isRedirected ? 'participant_updated_via_api' : 'participant_hung_up', isRedirected ? 'in-progress' : statusOf(leg.call.status));
    const { action } = dial.attributes;
    if (stopped.why === 'hung-up' && action !== undefined) tell(world, leg, 'voice', { url: resolve(run.base, action), method: methodOf(dial), params: outcome(wasJoined) });
    throw stopped;
  }
  return outcome(wasJoined);
}

const outcome = (wasJoined: boolean): Record<string, string> => ({ DialCallStatus: 'answered', DialBridged: String(wasJoined) });

const statusOf = (status: CallStatus): CallStatus => (status === 'in-progress' ? 'completed' : status);

/** What speaks and hears in a room. */
class Seat implements Ear {
  readonly name = 'conference';

  constructor(
    private readonly world: World, private readonly room: Room, private readonly member: Member, private readonly leavesByStar: boolean,
  ) {}

  speech(spoken: Spoken): boolean {
    return speakInRoom(this.world, this.room, this.member, spoken);
  }

  /** Keys are only sounds here, but for the star that may lead out. */
  digit(digit: string): boolean {
    if (digit === '*' && this.leavesByStar) {
      leave(this.world, this.room, this.member, 'participant_hung_up', 'in-progress');
      return true;
    }
    const audience = audienceOf(this.room, this.member);
    for (const { leg } of audience) leg.hears('tone', digit, this.member.leg.sid);
    return audience.length > 0;
  }
}

function mannersOf(run: Run, noun: Verb): Manners {
  const { participantLabel, waitUrl, coach, beep = 'true' } = noun.attributes;
  return {
    label: participantLabel || null,
    muted: flagOf(noun, 'muted', false),
    startOnEnter: flagOf(noun, 'startConferenceOnEnter', true),
    endOnExit: flagOf(noun, 'endConferenceOnExit', false),
    beep: beep as Beep,
    wait: { url: waitUrl ? resolve(run.base, waitUrl) : (waitUrl ?? null), method: methodOf(noun, 'waitMethod') },
    coached: coach || null,
  };
}

/** Why somebody cannot come in, as Twilio's debugger says it. */
function refuse(room: Room, { label, coached }: Manners, noun: Verb): [number, string] | undefined {
  room.mostMembers = Math.min(Math.max(numberOf(noun, 'maxParticipants', room.mostMembers), 2), 250);
  if (noun.text === '') return [16002, 'Conference name is missing'];
  if (label !== null && [...room.members.values()].some((one) => one.label === label)) return [16025, 'Participant label is already in use'];
  if (coached !== null && !room.members.has(coached)) return [13240, 'Invalid call sid to coach'];
  return room.members.size >= room.mostMembers ? [16020, 'Participant limit reached'] : undefined;
}

/** The first to come in says where the room's events are told, and whether it is recorded. */
function founds(run: Run, room: Room, noun: Verb): void {
  const { statusCallback, statusCallbackEvent = '', record } = noun.attributes;
  const events = statusCallbackEvent.split(/\s+/).filter((one) => ROOM_EVENTS.includes(one));
  room.callback = statusCallback ? { url: resolve(run.base, statusCallback), method: methodOf(noun, 'statusCallbackMethod'), events } : null;
  if (record !== 'record-from-start' && record !== 'true') return;
  room.recordingWish = { status: recordingWish(run, noun), transcriptionUrl: null, isTranscribed: false };
}
