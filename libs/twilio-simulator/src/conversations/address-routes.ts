import type { AddressConfiguration } from '../entities.js';
import type { Form } from '../form.js';
import { ownSender } from '../messaging/senders.js';
import { metaPage } from '../pages.js';
import { created, gone, ok, route, type Answer, type Call, type Route } from '../router.js';
import { newSid } from '../sids.js';
import { badRequest, conflict, notFound } from '../twilio-error.js';
import { isoSeconds } from '../wire.js';
import type { World } from '../world.js';
import { HOST } from './scope.js';

const LIST = '/v1/Configuration/Addresses';
const TYPES = ['sms', 'whatsapp', 'messenger', 'gbm', 'email', 'rcs', 'apple', 'chat'];

/** Which of our addresses make a conversation of a stranger's first message (facts A.8). */
export function addressRoutes(world: World): Route[] {
  return [
    route('POST', HOST, LIST, (call) => create(world, call)),
    route('GET', HOST, LIST, (call) => {
      const type = call.query.filled('Type')?.toLowerCase();
      const rows = world.store.addressesByAccount.of(call.account.sid).filter((row) => !type || row.type === type);
      return ok(metaPage(call, { key: 'address_configurations', rows, render: addressJson, max: 50 }));
    }),
    route('GET', HOST, `${LIST}/:address`, (call) => ok(addressJson(find(world, call)))),
    route('POST', HOST, `${LIST}/:address`, (call) => {
      const row = find(world, call);
      const changed = { ...row, ...creationFrom(world, call, row), updatedAt: world.clock.ms() };
      return ok(addressJson(world.store.addresses.save(changed)));
    }),
    route('DELETE', HOST, `${LIST}/:address`, (call) => {
      world.store.addresses.remove(find(world, call).sid);
      return gone;
    }),
  ];
}

/** By its sid, or by the address itself. */
function find(world: World, call: Call): AddressConfiguration {
  const name = call.at.address ?? '';
  const row = world.store.addresses.get(name) ?? world.store.addressByName.first(`${call.account.sid} ${name}`);
  if (row?.accountSid !== call.account.sid) throw notFound(call.path);
  return row;
}

function create(world: World, call: Call): Answer {
  const type = call.form.filled('Type')?.toLowerCase() ?? '';
  const address = call.form.filled('Address');
  if (!TYPES.includes(type) || address === undefined) throw badRequest(20001, 'Type and Address are required');
  if (ownSender(world, address)?.accountSid !== call.account.sid) {
    throw badRequest(50600, `${address} does not belong to this account`);
  }
  if (world.store.addressByName.first(`${call.account.sid} ${address}`)) {
    throw conflict(50355, `An address configuration for ${address} already exists`);
  }
  const now = world.clock.ms();
  const row: AddressConfiguration = {
    sid: newSid('IG'), accountSid: call.account.sid, createdAt: now, updatedAt: now, type, address,
    country: call.form.filled('AddressCountry') ?? null, ...creationFrom(world, call),
  };
  return created(addressJson(world.store.addresses.save(row)));
}

type Creation = Omit<AddressConfiguration, 'sid' | 'accountSid' | 'createdAt' | 'updatedAt' | 'type' | 'address' | 'country'>;

function creationFrom(world: World, call: Call, now?: AddressConfiguration): Creation {
  const { form } = call;
  const method = form.filled('AutoCreation.WebhookMethod')?.toLowerCase();
  const creation = kindFrom(form) ?? now?.creation ?? 'default';
  const defaultSid = world.store.defaults.get(call.account.sid)?.serviceSid ?? '';
  const serviceSid = form.filled('AutoCreation.ConversationServiceSid') ?? now?.serviceSid ?? defaultSid;
  if (world.store.services.get(serviceSid)?.accountSid !== call.account.sid) {
    throw badRequest(20404, `There is no conversation service ${serviceSid}`);
  }
  const webhookUrl = form.filled('AutoCreation.WebhookUrl') ?? now?.webhookUrl ?? null;
  if (creation === 'webhook' && webhookUrl === null) {
    throw badRequest(50369, 'AutoCreation.WebhookUrl is required for type webhook');
  }
  return {
    friendlyName: form.get('FriendlyName') ?? now?.friendlyName ?? null,
    enabled: form.flag('AutoCreation.Enabled') ?? now?.enabled ?? false, creation,
    serviceSid, webhookUrl, webhookMethod: method === undefined ? (now?.webhookMethod ?? 'post') : method === 'get' ? 'get' : 'post',
    webhookFilters: form.has('AutoCreation.WebhookFilters') ? form.all('AutoCreation.WebhookFilters') : (now?.webhookFilters ?? []),
    studioFlowSid: form.filled('AutoCreation.StudioFlowSid') ?? now?.studioFlowSid ?? null,
    studioRetryCount: Number(form.filled('AutoCreation.StudioRetryCount') ?? now?.studioRetryCount ?? 0),
  };
}

function kindFrom(form: Form): AddressConfiguration['creation'] | undefined {
  const kind = form.filled('AutoCreation.Type')?.toLowerCase();
  if (kind !== undefined && kind !== 'webhook' && kind !== 'studio' && kind !== 'default') {
    throw badRequest(20001, `"${kind}" is not a type of autocreation`);
  }
  return kind;
}

function addressJson(row: AddressConfiguration): Record<string, unknown> {
  const how = row.creation === 'webhook'
    ? {
      webhook_url: row.webhookUrl, webhook_method: row.webhookMethod.toUpperCase(), webhook_filters: row.webhookFilters,
    }
    : row.creation === 'studio' ? { studio_flow_sid: row.studioFlowSid, studio_retry_count: row.studioRetryCount } : {};
  return {
    sid: row.sid, account_sid: row.accountSid, type: row.type, address: row.address, address_country: row.country,
    friendly_name: row.friendlyName,
    auto_creation: { enabled: row.enabled, type: row.creation, conversation_service_sid: row.serviceSid, ...how },
    date_created: isoSeconds(row.createdAt), date_updated: isoSeconds(row.updatedAt),
    url: `https://${HOST}${LIST}/${row.sid}`,
  };
}
