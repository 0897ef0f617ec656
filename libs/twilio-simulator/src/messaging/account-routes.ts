import { ok, route, type Call, type Route } from '../router.js';
import { rfc2822 } from '../wire.js';
import type { World } from '../world.js';

const COLLECTIONS: Record<string, string> = {
  addresses: 'Addresses', applications: 'Applications', authorized_connect_apps: 'AuthorizedConnectApps',
  available_phone_numbers: 'AvailablePhoneNumbers', balance: 'Balance', calls: 'Calls', conferences: 'Conferences',
  connect_apps: 'ConnectApps', incoming_phone_numbers: 'IncomingPhoneNumbers', keys: 'Keys', messages: 'Messages',
  notifications: 'Notifications', outgoing_caller_ids: 'OutgoingCallerIds', queues: 'Queues', recordings: 'Recordings',
  short_codes: 'SMS/ShortCodes', signing_keys: 'SigningKeys', sip: 'SIP', transcriptions: 'Transcriptions',
  usage: 'Usage',
};

export function accountRoutes(world: World): Route[] {
  const openedAt = world.clock.ms();
  return [route('GET', 'api.twilio.com', '/2010-04-01/Accounts/:account', (call) => ok(accountJson(call, openedAt)))];
}

function accountJson({ account }: Call, openedAt: number): Record<string, unknown> {
  const base = `/2010-04-01/Accounts/${account.sid}`;
  return {
    auth_token: account.authToken,
    date_created: rfc2822(openedAt),
    date_updated: rfc2822(openedAt),
    friendly_name: account.friendlyName ?? 'Simulated account',
    owner_account_sid: account.sid,
    sid: account.sid,
    status: 'active',
    subresource_uris: Object.fromEntries(Object.entries(COLLECTIONS).map(([name, path]) => [
      name, `${base}/${path}.json`,
    ])),
    type: 'Full',
    uri: `${base}.json`,
  };
}
