import { flatPage } from '../pages.js';
import { gone, ok, route, type Answer, type Call, type Route } from '../router.js';
import { notFound } from '../twilio-error.js';
import { rfc2822 } from '../wire.js';
import type { World } from '../world.js';
import { recordingUrl } from './params.js';
import type { Recording } from './rows.js';

const ACCOUNT = '/2010-04-01/Accounts/:account';

/** Below which resource a recording is looked at. */
type Parent = 'Recordings' | 'Calls' | 'Conferences';

export function recordingRoutes(world: World): Route[] {
  const api = 'api.twilio.com';
  const places: [Parent, string][] = [
    ['Recordings', `${ACCOUNT}/Recordings`], ['Calls', `${ACCOUNT}/Calls/:call/Recordings`], ['Conferences', `${ACCOUNT}/Conferences/:conference/Recordings`],
  ];
  return places.flatMap(([parent, path]) => [
    route('GET', api, path, (call) => ok(list(world, call, parent))),
    route('GET', api, `${path}/:recording`, (call) => ok(recordingJson(find(world, call), parent))),
    route('DELETE', api, `${path}/:recording`, (call) => remove(world, call)),
  ]);
}

function find(world: World, call: Call): Recording {
  const row = world.store.recordings.get(call.at.recording ?? '');
  if (row?.accountSid !== call.account.sid || row.status === 'absent' || !isBelow(row, call)) throw notFound(`${call.path}.json`);
  return row;
}

const isBelow = (row: Recording, { at, query }: Call): boolean =>
  [at.call, query.filled('CallSid')].every((sid) => sid === undefined || row.callSid === sid) &&
  [at.conference, query.filled('ConferenceSid')].every((sid) => sid === undefined || row.conferenceSid === sid);

/** Newest first. */
function list(world: World, call: Call, parent: Parent): Record<string, unknown> {
  const rows = world.store.recordingsByAccount.of(call.account.sid).filter((row) => row.status !== 'absent' && isBelow(row, call));
  return flatPage(call, { key: 'recordings', rows: rows.reverse(), render: (row) => recordingJson(row, parent) });
}

/** The recording is gone with its sound; the call's own record stays. */
function remove(world: World, call: Call): Answer {
  world.store.recordings.remove(find(world, call).sid);
  return gone;
}

function recordingJson(row: Recording, parent: Parent): Record<string, unknown> {
  const account = `/2010-04-01/Accounts/${row.accountSid}`;
  const own = `${account}/Recordings/${row.sid}`;
  const uris: Record<Parent, string> = {
    Recordings: own, Calls: `${account}/Calls/${row.callSid}/Recordings/${row.sid}`, Conferences: `${account}/Conferences/${row.conferenceSid}/Recordings/${row.sid}`,
  };
  return {
    account_sid: row.accountSid,
    api_version: '2010-04-01',
    call_sid: row.callSid,
    channels: 1,
    conference_sid: row.conferenceSid,
    date_created: rfc2822(row.createdAt),
    date_updated: rfc2822(row.updatedAt),
    duration: row.status === 'completed' ? String(row.seconds) : null,
    encryption_details: null,
    error_code: null,
    price: null,
    price_unit: 'USD',
    sid: row.sid,
    // The OpenAPI file has no word of its own for a recording that TwiML has started.
    source: row.source === 'StartCallRecordingTwiML' ? 'StartCallRecordingAPI' : row.source,
    start_time: rfc2822(row.startedAt),
    status: row.status,
    uri: `${uris[parent]}.json`,
    ...(parent === 'Recordings' ? {
      media_url: recordingUrl(row),
      subresource_uris: { add_on_results: `${own}/AddOnResults.json`, transcriptions: `${own}/Transcriptions.json` },
    } : {}),
    ...(parent === 'Calls' ? { track: 'both' } : {}),
  };
}
