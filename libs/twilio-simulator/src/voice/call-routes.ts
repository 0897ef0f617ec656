import type { Form } from '../form.js';
import { flatPage } from '../pages.js';
import { created, gone, ok, route, type Answer, type Call, type Route } from '../router.js';
import { badRequest, notFound } from '../twilio-error.js';
import type { World } from '../world.js';
import { documentOf, hookMethod, isWebAddress } from './call-form.js';
import { callJson } from './call-json.js';
import { endCall, isOver } from './calls.js';
import { createCall } from './create-call.js';
import type { Leg } from './leg.js';
import type { PhoneCall } from './rows.js';
import { begin } from './run.js';
import { VERBS } from './verbs.js';

const BASE = '/2010-04-01/Accounts/:account/Calls';

export function callRoutes(world: World): Route[] {
  const api = 'api.twilio.com';
  return [
    route('POST', api, BASE, (call) => created(callJson(createCall(world, call.account, call.form).call))),
    route('GET', api, BASE, (call) => ok(list(world, call))),
    route('GET', api, `${BASE}/:call`, (call) => ok(callJson(findCall(world, call)))),
    route('POST', api, `${BASE}/:call`, (call) => update(world, call)),
    route('DELETE', api, `${BASE}/:call`, (call) => remove(world, call)),
  ];
}

export function findCall(world: World, call: Call): PhoneCall {
  const row = world.store.calls.get(call.at.call ?? '');
  if (row?.accountSid !== call.account.sid) throw notFound(`${call.path}.json`);
  return row;
}

/** Newest first. */
function list(world: World, call: Call): Record<string, unknown> {
  const { query } = call;
  const is = (name: string, value: string | null): boolean => query.filled(name) === undefined || query.filled(name) === value;
  const rows = world.store.callsByAccount.of(call.account.sid).filter((row) =>
    is('To', row.to) && is('From', row.from) && is('ParentCallSid', row.parentCallSid) && is('Status', row.status) &&
    within(row.startedAt ?? row.createdAt, 'StartTime', query) && (row.endedAt === null ? !asks('EndTime', query) : within(row.endedAt, 'EndTime', query)));
  return flatPage(call, { key: 'calls', rows: rows.reverse(), render: callJson });
}

const BOUNDS = ['', '<', '>'];
const DAY_MS = 24 * 3_600_000;

const asks = (name: string, query: Form): boolean => BOUNDS.some((bound) => query.has(name + bound));

/** `StartTime` is that whole day (UTC); `StartTime<` and `StartTime>` end or begin at the instant, or at the day. */
function within(at: number, name: string, query: Form): boolean {
  return BOUNDS.every((bound) => {
    const text = query.filled(name + bound);
    if (text === undefined) return true;
    const instant = Date.parse(text);
    if (Number.isNaN(instant)) throw badRequest(20001, `Invalid ${name}`);
    const day = instant - (instant % DAY_MS);
    if (bound === '') return at >= day && at < day + DAY_MS;
    return bound === '<' ? at <= (instant === day ? day + DAY_MS - 1 : instant) : at >= instant;
  });
}

/** Ends a call, or gives it another document in the place of what it is at. */
function update(world: World, call: Call): Answer {
  const row = findCall(world, call);
  const { form } = call;
  const status = form.filled('Status');
  const source = documentOf(form);
  if (status !== undefined && !['canceled', 'completed'].includes(status)) throw badRequest(21218, `Invalid Status: ${status}`);
  const leg = world.legs.get(row.sid);
  if (isOver(row) || !leg) throw badRequest(21220, 'Call is not in-progress. Cannot redirect.');
  if (source && row.status !== 'in-progress') throw badRequest(21220, 'Call is not in-progress. Cannot redirect.');
  changeCallbacks(leg, form);
  if (status) end(world, leg, status);
  else if (source) begin(world, leg, source, VERBS);
  world.store.calls.save(row);
  return ok(callJson(row));
}

/** `canceled` leaves a call alone that was answered; `completed` ends it wherever it is. */
function end(world: World, leg: Leg, status: string): void {
  const isRinging = leg.call.status !== 'in-progress';
  if (isRinging) endCall(world, leg, status === 'canceled' ? 'canceled' : world.switches.values.completedWhileRinging, 487);
  else if (status === 'completed') endCall(world, leg, 'completed');
}

function changeCallbacks(leg: Leg, form: Form): void {
  const [url, fallback] = [form.filled('StatusCallback'), form.filled('FallbackUrl')];
  if (url !== undefined && !isWebAddress(url)) throw badRequest(21609, `StatusCallback is not a valid URL: ${url}`);
  if (url !== undefined) leg.call.callback = { url, method: hookMethod(form, 'StatusCallbackMethod'), events: leg.call.callback?.events ?? ['completed'] };
  if (fallback !== undefined) leg.fallback = { url: fallback, method: hookMethod(form, 'FallbackMethod') };
}

function remove(world: World, call: Call): Answer {
  const row = findCall(world, call);
  if (!isOver(row)) throw badRequest(20009, 'The call is not in a final state');
  world.store.calls.remove(row.sid);
  world.legs.delete(row.sid);
  return gone;
}
