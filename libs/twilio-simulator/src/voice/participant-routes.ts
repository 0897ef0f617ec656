import type { Form } from '../form.js';
import { flatPage } from '../pages.js';
import { created, gone, ok, route, type Answer, type Call, type Route } from '../router.js';
import { badRequest, notFound } from '../twilio-error.js';
import type { World } from '../world.js';
import { announceTo } from './ambience.js';
import { hookMethod, isWebAddress } from './call-form.js';
import { participantJson } from './conference-json.js';
import { findRoom } from './conference-routes.js';
import { invite } from './inviting.js';
import type { Invited, Member, Room } from './room.js';
import { memberParams, tellRoom } from './room-events.js';
import { leave, refreshAll, roomOf } from './rooms.js';

const BASE = '/2010-04-01/Accounts/:account/Conferences/:conference/Participants';

export function conferenceParticipantRoutes(world: World): Route[] {
  const api = 'api.twilio.com';
  return [
    route('POST', api, BASE, (call) => create(world, call)),
    route('GET', api, BASE, (call) => ok(list(world, call))),
    route('GET', api, `${BASE}/:participant`, (call) => {
      const room = findRoom(world, call);
      return ok(participantJson(room.row, find(room, call)));
    }),
    route('POST', api, `${BASE}/:participant`, (call) => update(world, call)),
    route('DELETE', api, `${BASE}/:participant`, (call) => remove(world, call)),
  ];
}

/** By call sid or by label. */
function find(room: Room, call: Call): Member | Invited {
  const name = call.at.participant ?? '';
  const all = [...room.members.values(), ...room.invited.values()];
  const one = all.find(({ leg }) => leg.sid === name) ?? all.find(({ label }) => label === name);
  if (!one) throw notFound(`${call.path}.json`);
  return one;
}

/** Into the room of this sid, which has to be open, or of this name, which is opened where it is not. */
function create(world: World, call: Call): Answer {
  const name = call.at.conference ?? '';
  const room = /^CF[0-9a-f]{32}$/i.test(name) ? findRoom(world, call) : undefined;
  return created(invite(world, call.account, call.form, () => room ?? roomOf(world, call.account.sid, name)));
}

function list(world: World, call: Call): Record<string, unknown> {
  const room = findRoom(world, call);
  const { query } = call;
  const is = (name: string, value: boolean): boolean => query.filled(name) === undefined || query.flag(name) === value;
  const rows = [...room.members.values(), ...room.invited.values()]
    .filter((one) => is('Muted', one.muted) && is('Hold', 'hold' in one && one.hold) && is('Coaching', one.coached !== null))
    .map((one) => ({ sid: one.leg.sid, one }));
  return flatPage(call, { key: 'participants', rows, render: ({ one }) => participantJson(room.row, one) });
}

function update(world: World, call: Call): Answer {
  const room = findRoom(world, call);
  const member = find(room, call);
  if (!('hold' in member)) throw badRequest(20409, 'The participant is not connected yet');
  const { form } = call;
  check(room, form);
  setMuted(world, room, member, form);
  setHold(world, room, member, form);
  modify(world, room, member, form);
  member.updatedAt = world.clock.ms();
  refreshAll(world, room);
  const url = form.filled('AnnounceUrl');
  if (url !== undefined) announceTo(world, room, [member], { url, method: hookMethod(form, 'AnnounceMethod') });
  return ok(participantJson(room.row, member));
}

function check(room: Room, form: Form): void {
  for (const name of ['AnnounceUrl', 'HoldUrl', 'WaitUrl']) {
    const url = form.filled(name);
    if (url !== undefined && !isWebAddress(url)) throw badRequest(21205, `${name} is not a valid URL: ${url}`);
  }
  const coached = form.filled('CallSidToCoach');
  if (coached !== undefined && !room.members.has(coached)) throw badRequest(13240, 'Invalid CallSidToCoach');
}

function setMuted(world: World, room: Room, member: Member, form: Form): void {
  const muted = form.flag('Muted');
  if (muted === undefined || muted === member.muted) return;
  member.muted = muted;
  tellRoom(world, room, muted ? 'participant-mute' : 'participant-unmute', memberParams(member));
}

/** On hold they neither hear nor are heard, and have music of their own. */
function setHold(world: World, room: Room, member: Member, form: Form): void {
  const hold = form.flag('Hold');
  if (form.has('HoldUrl')) member.holdMusic = { url: form.filled('HoldUrl') ?? null, method: form.get('HoldMethod')?.toUpperCase() === 'POST' ? 'POST' : 'GET' };
  if (hold === undefined || hold === member.hold) return;
  member.hold = hold;
  tellRoom(world, room, hold ? 'participant-hold' : 'participant-unhold', memberParams(member));
}

function modify(world: World, room: Room, member: Member, form: Form): void {
  if (form.has('WaitUrl')) member.wait = { url: form.get('WaitUrl') ?? null, method: hookMethod(form, 'WaitMethod') };
  const [endOnExit, coaching, beepOnExit] = [form.flag('EndConferenceOnExit'), form.flag('Coaching'), form.flag('BeepOnExit')];
  member.endOnExit = endOnExit ?? member.endOnExit;
  if (beepOnExit !== undefined) member.beep = beepOnExit ? 'true' : 'onEnter';
  if (coaching === false) member.coached = null;
  else if (form.filled('CallSidToCoach')) member.coached = form.filled('CallSidToCoach')!;
  if ([endOnExit, coaching, beepOnExit].some((value) => value !== undefined)) tellRoom(world, room, 'participant-modify', memberParams(member));
}

/** Puts somebody out: their call goes on behind its Dial. Somebody who was only called is called no longer. */
function remove(world: World, call: Call): Answer {
  const room = findRoom(world, call);
  const one = find(room, call);
  if ('hold' in one) leave(world, room, one, 'participant_updated_via_api', 'in-progress', 'kicked');
  else one.giveUp();
  return gone;
}
