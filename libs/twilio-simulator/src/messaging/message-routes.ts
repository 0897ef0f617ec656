import type { Message } from '../entities.js';
import { flatPage } from '../pages.js';
import { created, gone, ok, route, type Answer, type Call, type Route } from '../router.js';
import { badRequest, notFound } from '../twilio-error.js';
import { rfc2822 } from '../wire.js';
import type { World } from '../world.js';
import { draftOf } from './create-message.js';
import { messageJson } from './message-json.js';
import { announce, startMessage } from './walk.js';

const BASE = '/2010-04-01/Accounts/:account/Messages';

export function messageRoutes(world: World): Route[] {
  const api = 'api.twilio.com';
  return [
    route(
      'POST', api, BASE, (call) => created(messageJson(startMessage(world, draftOf(world, call.account, call.form)))),
    ),
    route('GET', api, BASE, (call) => ok(list(world, call))),
    route('GET', api, `${BASE}/:message`, (call) => ok(messageJson(find(world, call)))),
    route('POST', api, `${BASE}/:message`, (call) => update(world, call)),
    route('DELETE', api, `${BASE}/:message`, (call) => remove(world, call)),
    route('GET', api, `${BASE}/:message/Media`, (call) => ok(mediaList(world, call))),
    route('GET', api, `${BASE}/:message/Media/:media`, (call) => media(world, call)),
    route('DELETE', api, `${BASE}/:message/Media/:media`, (call) => removeMedia(world, call)),
  ];
}

function find(world: World, call: Call): Message {
  const message = world.store.messages.get(call.at.message ?? '');
  if (!message?.listed || message.accountSid !== call.account.sid) throw notFound(`${call.path}.json`);
  return message;
}

/** Newest first, as Twilio lists them; To and From lead to an index, so a look-up after a crash stays cheap. */
function list(world: World, call: Call): Record<string, unknown> {
  const { store } = world;
  const [to, from] = [call.query.filled('To'), call.query.filled('From')];
  const rows = to ? store.messagesByTo.of(`${call.account.sid} ${to}`)
    : from ? store.messagesByFrom.of(`${call.account.sid} ${from}`)
    : store.messagesByAccount.of(call.account.sid);
  const visible = world.clock.ms() - world.switches.values.listDelayMs;
  const wanted = rows.filter((row) => (!from || row.from === from) && row.createdAt <= visible && sentWithin(row, call));
  return flatPage(call, { key: 'messages', rows: wanted.reverse(), render: messageJson });
}

const DAY_MS = 24 * 3_600_000;

/** `DateSent` is that whole day (UTC), also when a time is given; `DateSent<` and `DateSent>` end or begin there. */
function sentWithin(message: Message, call: Call): boolean {
  return ['DateSent', 'DateSent<', 'DateSent>'].every((name) => {
    const text = call.query.filled(name);
    if (text === undefined) return true;
    const at = Date.parse(text);
    if (Number.isNaN(at)) throw badRequest(20001, `Invalid ${name}`);
    // A message not yet sent has no date to match.
    if (message.sentAt === null) return false;
    const day = at - (at % DAY_MS);
    const end = name === 'DateSent' || at === day ? day + DAY_MS - 1 : at;
    const start = name === 'DateSent' ? day : at;
    return (name === 'DateSent<' || message.sentAt >= start) && (name === 'DateSent>' || message.sentAt <= end);
  });
}

/** Two updates exist: an empty Body redacts the record, `Status=canceled` stops a scheduled message. */
function update(world: World, call: Call): Answer {
  const message = find(world, call);
  if (call.form.get('Status') === 'canceled') {
    if (message.status !== 'scheduled') throw badRequest(30409, 'Only a scheduled message can be canceled');
    message.status = 'canceled';
    message.walk = [];
  } else if (call.form.get('Body') === '') {
    // Redacting needs the message to have come to an end (Twilio error 20009).
    if (message.walk.length > 0) throw badRequest(20009, 'The message is not in a final state');
    message.body = '';
  } else throw badRequest(20001, 'Only an empty Body or Status=canceled may be given');
  message.updatedAt = world.clock.ms();
  world.store.messages.save(message);
  if (message.status === 'canceled') announce(world, message, message.updatedAt);
  return ok(messageJson(message));
}

function remove(world: World, call: Call): Answer {
  const message = find(world, call);
  if (message.walk.length > 0) throw badRequest(20009, 'The message is not in a final state');
  // The record goes; what has reached the handset stays on it.
  world.store.messages.save({ ...message, listed: false, body: '' });
  return gone;
}

function mediaList(world: World, call: Call): Record<string, unknown> {
  const message = find(world, call);
  return flatPage(call, { key: 'media_list', rows: message.media, render: (one) => mediaJson(message, one) });
}

function media(world: World, call: Call): Answer {
  const message = find(world, call);
  const one = message.media.find((row) => row.sid === call.at.media);
  if (!one) throw notFound(call.path);
  return ok(mediaJson(message, one));
}

function removeMedia(world: World, call: Call): Answer {
  const message = find(world, call);
  if (!message.media.some((row) => row.sid === call.at.media)) throw notFound(call.path);
  world.store.messages.save({ ...message, media: message.media.filter((row) => row.sid !== call.at.media) });
  return gone;
}

function mediaJson(message: Message, one: Message['media'][number]): Record<string, unknown> {
  return {
    account_sid: message.accountSid, content_type: one.contentType, date_created: rfc2822(message.createdAt),
    date_updated: rfc2822(message.createdAt), parent_sid: message.sid, sid: one.sid,
    uri: `/2010-04-01/Accounts/${message.accountSid}/Messages/${message.sid}/Media/${one.sid}.json`,
  };
}
