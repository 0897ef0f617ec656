import type { Form } from '../form.js';
import { flatPage } from '../pages.js';
import { ok, route, type Answer, type Call, type Route } from '../router.js';
import { badRequest, notFound } from '../twilio-error.js';
import type { World } from '../world.js';
import { announceTo } from './ambience.js';
import { hookMethod, isWebAddress } from './call-form.js';
import { conferenceJson } from './conference-json.js';
import type { Room } from './room.js';
import { end } from './rooms.js';
import type { Conference } from './rows.js';

const BASE = '/2010-04-01/Accounts/:account/Conferences';

export function conferenceRoutes(world: World): Route[] {
  const api = 'api.twilio.com';
  return [
    route('GET', api, BASE, (call) => ok(list(world, call))),
    route('GET', api, `${BASE}/:conference`, (call) => ok(conferenceJson(findConference(world, call)))),
    route('POST', api, `${BASE}/:conference`, (call) => update(world, call)),
  ];
}

export function findConference(world: World, call: Call): Conference {
  const row = world.store.conferences.get(call.at.conference ?? '');
  if (row?.accountSid !== call.account.sid) throw notFound(`${call.path}.json`);
  return row;
}

/** Only while it has not ended. */
export function findRoom(world: World, call: Call): Room {
  const room = world.rooms.get(findConference(world, call).sid);
  if (!room) throw notFound(`${call.path}.json`);
  return room;
}

const DAY_MS = 24 * 3_600_000;

/** Newest first. Dates are whole days (UTC). */
function list(world: World, call: Call): Record<string, unknown> {
  const { query } = call;
  const is = (name: string, value: string): boolean => query.filled(name) === undefined || query.filled(name) === value;
  const rows = world.store.conferencesByAccount.of(call.account.sid).filter((row) =>
    is('FriendlyName', row.friendlyName) && is('Status', row.status) && onDay(row.createdAt, 'DateCreated', query) && onDay(row.updatedAt, 'DateUpdated', query));
  return flatPage(call, { key: 'conferences', rows: rows.reverse(), render: conferenceJson });
}

function onDay(at: number, name: string, query: Form): boolean {
  return ['', '<', '>'].every((bound) => {
    const text = query.filled(name + bound);
    if (text === undefined) return true;
    const day = Date.parse(text);
    if (Number.isNaN(day)) throw badRequest(20001, `Invalid ${name}`);
    if (bound === '<') return at < day + DAY_MS;
    return at >= day && (bound === '>' || at < day + DAY_MS);
  });
}

/** Ends it, or says something to all who are in it. */
function update(world: World, call: Call): Answer {
  const room = findRoom(world, call);
  const { form } = call;
  const status = form.filled('Status');
  if (status !== undefined && status !== 'completed') throw badRequest(20001, `Invalid Status: ${status}`);
  const url = form.filled('AnnounceUrl');
  if (url !== undefined && !isWebAddress(url)) throw badRequest(21205, `AnnounceUrl is not a valid URL: ${url}`);
  if (url !== undefined) announceTo(world, room, [...room.members.values()], { url, method: hookMethod(form, 'AnnounceMethod') });
  if (status === 'completed') end(world, room, 'conference-ended-via-api');
  return ok(conferenceJson(room.row));
}
