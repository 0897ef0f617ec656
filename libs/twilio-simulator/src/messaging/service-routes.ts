import type { HookMethod, MessagingService, OwnNumber } from '../entities.js';
import type { Form } from '../form.js';
import { metaPage } from '../pages.js';
import { created, gone, ok, route, type Answer, type Call, type Route } from '../router.js';
import { newSid } from '../sids.js';
import { badRequest, conflict, notFound } from '../twilio-error.js';
import { isoSeconds } from '../wire.js';
import type { World } from '../world.js';

const HOST = 'messaging.twilio.com';

export function messagingServiceRoutes(world: World): Route[] {
  return [
    route('POST', HOST, '/v1/Services', (call) => create(world, call)),
    route('GET', HOST, '/v1/Services', (call) =>
      ok(metaPage(call, {
        key: 'services', rows: world.store.messagingServicesByAccount.of(call.account.sid), render: serviceJson,
        size: 20,
      }))),
    route('GET', HOST, '/v1/Services/:service', (call) => ok(serviceJson(find(world, call)))),
    route('POST', HOST, '/v1/Services/:service', (call) => update(world, call)),
    route('DELETE', HOST, '/v1/Services/:service', (call) => remove(world, call)),
    route('POST', HOST, '/v1/Services/:service/PhoneNumbers', (call) => addNumber(world, call)),
    route('GET', HOST, '/v1/Services/:service/PhoneNumbers', (call) => ok(numbers(world, call))),
    route('GET', HOST, '/v1/Services/:service/PhoneNumbers/:number', (call) => ok(poolJson(numberOf(world, call)))),
    route('DELETE', HOST, '/v1/Services/:service/PhoneNumbers/:number', (call) => dropNumber(world, call)),
  ];
}

export function newMessagingService(world: World, accountSid: string, friendlyName: string): MessagingService {
  const now = world.clock.ms();
  return {
    sid: newSid('MG'), accountSid, createdAt: now, updatedAt: now, friendlyName, inboundRequestUrl: null,
    inboundMethod: 'POST', fallbackUrl: null, fallbackMethod: 'POST', statusCallback: null,
    useInboundWebhookOnNumber: false, validityPeriod: 36_000, usecase: 'undeclared',
  };
}

function find(world: World, call: Call): MessagingService {
  const service = world.store.messagingServices.get(call.at.service ?? '');
  if (service?.accountSid !== call.account.sid) throw notFound(call.path);
  return service;
}

function create(world: World, call: Call): Answer {
  const friendlyName = call.form.filled('FriendlyName');
  if (friendlyName === undefined) throw badRequest(20001, "Missing required parameter FriendlyName in the post body");
  const service = changed(newMessagingService(world, call.account.sid, friendlyName), call.form);
  return created(serviceJson(world.store.messagingServices.save(service)));
}

function update(world: World, call: Call): Answer {
  const service = { ...changed(find(world, call), call.form), updatedAt: world.clock.ms() };
  return ok(serviceJson(world.store.messagingServices.save(service)));
}

function changed(service: MessagingService, form: Form): MessagingService {
  const url = (name: string, now: string | null): string | null => (form.has(name) ? (form.filled(name) ?? null) : now);
  const method = (name: string, now: HookMethod): HookMethod =>
    form.has(name) ? (form.get(name) === 'GET' ? 'GET' : 'POST') : now;
  return {
    ...service,
    friendlyName: form.filled('FriendlyName') ?? service.friendlyName,
    inboundRequestUrl: url('InboundRequestUrl', service.inboundRequestUrl),
    inboundMethod: method('InboundMethod', service.inboundMethod),
    fallbackUrl: url('FallbackUrl', service.fallbackUrl),
    fallbackMethod: method('FallbackMethod', service.fallbackMethod),
    statusCallback: url('StatusCallback', service.statusCallback),
    useInboundWebhookOnNumber: form.flag('UseInboundWebhookOnNumber') ?? service.useInboundWebhookOnNumber,
    validityPeriod: Number(form.filled('ValidityPeriod') ?? service.validityPeriod),
    usecase: form.filled('Usecase') ?? service.usecase,
  };
}

function remove(world: World, call: Call): Answer {
  const service = find(world, call);
  for (const number of world.store.numbersByService.of(service.sid)) world.store.numbers.save({
    ...number, messagingServiceSid: null,
  });
  world.store.messagingServices.remove(service.sid);
  return gone;
}

function addNumber(world: World, call: Call): Answer {
  const service = find(world, call);
  const number = world.store.numbers.get(call.form.filled('PhoneNumberSid') ?? '');
  if (number?.accountSid !== call.account.sid) throw badRequest(21701, 'The Phone Number Sid is invalid');
  if (number.messagingServiceSid === service.sid) {
    throw conflict(21710, 'Phone Number is already in the Messaging Service');
  }
  if (number.messagingServiceSid !== null) {
    throw conflict(21712, 'Phone Number is associated with another Messaging Service');
  }
  return created(poolJson(world.store.numbers.save({ ...number, messagingServiceSid: service.sid })));
}

function numbers(world: World, call: Call): Record<string, unknown> {
  return metaPage(call, {
    key: 'phone_numbers', rows: world.store.numbersByService.of(find(world, call).sid), render: poolJson, size: 20,
  });
}

function numberOf(world: World, call: Call): OwnNumber {
  const number = world.store.numbers.get(call.at.number ?? '');
  if (number?.messagingServiceSid !== find(world, call).sid) throw notFound(call.path);
  return number;
}

function dropNumber(world: World, call: Call): Answer {
  world.store.numbers.save({ ...numberOf(world, call), messagingServiceSid: null });
  return gone;
}

function poolJson(number: OwnNumber): Record<string, unknown> {
  return {
    sid: number.sid, account_sid: number.accountSid, service_sid: number.messagingServiceSid,
    date_created: isoSeconds(number.createdAt), date_updated: isoSeconds(number.updatedAt),
    phone_number: number.phoneNumber, country_code: 'US', capabilities: ['MMS', 'SMS', 'Voice'],
    url: `https://${HOST}/v1/Services/${number.messagingServiceSid}/PhoneNumbers/${number.sid}`,
  };
}

const LINKS: Record<string, string> = {
  phone_numbers: 'PhoneNumbers', short_codes: 'ShortCodes', alpha_senders: 'AlphaSenders', messages: 'Messages',
  us_app_to_person: 'Compliance/Usa2p', us_app_to_person_usecases: 'Compliance/Usa2p/Usecases',
  channel_senders: 'ChannelSenders', destination_alpha_senders: 'DestinationAlphaSenders',
};

function serviceJson(service: MessagingService): Record<string, unknown> {
  const url = `https://${HOST}/v1/Services/${service.sid}`;
  return {
    sid: service.sid, account_sid: service.accountSid, friendly_name: service.friendlyName,
    date_created: isoSeconds(service.createdAt), date_updated: isoSeconds(service.updatedAt),
    inbound_request_url: service.inboundRequestUrl, inbound_method: service.inboundMethod,
    fallback_url: service.fallbackUrl, fallback_method: service.fallbackMethod, status_callback: service.statusCallback,
    sticky_sender: true, mms_converter: true, smart_encoding: true, scan_message_content: 'inherit',
    fallback_to_long_code: true, area_code_geomatch: true, synchronous_validation: false,
    validity_period: service.validityPeriod, usecase: service.usecase, us_app_to_person_registered: false,
    use_inbound_webhook_on_number: service.useInboundWebhookOnNumber, url,
    links: Object.fromEntries(Object.entries(LINKS).map(([name, path]) => [name, `${url}/${path}`])),
  };
}
