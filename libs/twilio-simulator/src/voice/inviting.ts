import type { Account } from '../entities.js';
import type { Form } from '../form.js';
import { badRequest } from '../twilio-error.js';
import type { World } from '../world.js';
import { dial } from './answering.js';
import { isWebAddress } from './call-form.js';
import { endCall } from './calls.js';
import { participantJson } from './conference-json.js';
import { outboundLeg, ringMs } from './create-call.js';
import { detect, detectionOf } from './detecting.js';
import type { Leg } from './leg.js';
import type { Beep, Invited, Room } from './room.js';
import { forgetInvited } from './rooms.js';
import { begin } from './run.js';
import type { Verb } from '../twiml.js';
import { VERBS } from './verbs.js';

/** Parameters of a participant, and the attribute of `<Conference>` that says the same. */
const ATTRIBUTES: Record<string, string> = {
  Label: 'participantLabel', Muted: 'muted', Beep: 'beep', StartConferenceOnEnter: 'startConferenceOnEnter', EndConferenceOnExit: 'endConferenceOnExit',
  WaitUrl: 'waitUrl', WaitMethod: 'waitMethod', MaxParticipants: 'maxParticipants', CallSidToCoach: 'coach', ConferenceRecord: 'record',
  ConferenceStatusCallback: 'statusCallback', ConferenceStatusCallbackMethod: 'statusCallbackMethod',
  ConferenceRecordingStatusCallback: 'recordingStatusCallback', ConferenceRecordingStatusCallbackMethod: 'recordingStatusCallbackMethod',
};

/**
 * Calls somebody who, when they pick up, are in the room at once.
 * @param open gives the room, once all has been checked; @returns the participant as the API writes them
 */
export function invite(world: World, account: Account, form: Form, open: () => Room): Record<string, unknown> {
  const newLeg = outboundLeg(world, account, form, 'StatusCallback');
  const detection = detectionOf(form, 'Amd', true);
  for (const name of ['WaitUrl', 'ConferenceStatusCallback']) {
    const url = form.filled(name);
    if (url !== undefined && !isWebAddress(url)) throw badRequest(21609, `${name} is not a valid URL: ${url}`);
  }
  const room = open();
  const label = form.filled('Label') ?? null;
  if (label !== null && [...room.members.values(), ...room.invited.values()].some((one) => one.label === label)) throw badRequest(16025, 'Participant label is already in use');
  const leg = newLeg();
  const invited = invitation(world, leg, form);
  room.invited.set(leg.sid, invited);
  leg.farewells.push(() => forgetInvited(world, room, leg.sid, leg.call.status));
  const seat = seatOf(room, form);
  dial(world, leg, ringMs(form), (who) => {
    begin(world, leg, { verbs: [seat] }, VERBS);
    if (detection) detect(world, leg, detection, who, () => undefined);
  }, () => {
    if (form.flag('EarlyMedia') ?? true) for (const member of room.members.values()) if (!member.hold) member.leg.hears('ring', '', leg.sid);
  });
  return participantJson(room.row, invited);
}

const invitation = (world: World, leg: Leg, form: Form): Invited => ({
  leg, invitedAt: world.clock.ms(), label: form.filled('Label') ?? null, muted: form.flag('Muted') ?? false,
  startOnEnter: form.flag('StartConferenceOnEnter') ?? true, endOnExit: form.flag('EndConferenceOnExit') ?? false,
  beep: (form.filled('Beep') ?? 'true') as Beep, wait: { url: null, method: 'POST' }, coached: form.filled('CallSidToCoach') ?? null,
  giveUp: () => endCall(world, leg, 'canceled', 487),
});

/** The document that an invited leg executes: a Dial into the room. */
function seatOf(room: Room, form: Form): Verb {
  const attributes: Record<string, string> = { statusCallbackEvent: form.all('ConferenceStatusCallbackEvent').join(' ') || 'start end' };
  for (const [parameter, attribute] of Object.entries(ATTRIBUTES)) {
    const value = form.get(parameter);
    if (value !== undefined) attributes[attribute] = value;
  }
  const noun: Verb = { name: 'Conference', attributes, children: [], text: room.row.friendlyName };
  return { name: 'Dial', attributes: {}, children: [noun], text: '' };
}
