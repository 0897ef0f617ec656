import type { VerifyService } from '../entities.js';
import type { Form } from '../form.js';
import { metaPage } from '../pages.js';
import { created, gone, ok, route, type Answer, type Call, type Route } from '../router.js';
import { newSid } from '../sids.js';
import { badRequest, notFound } from '../twilio-error.js';
import { isoSeconds } from '../wire.js';
import type { World } from '../world.js';

export const HOST = 'verify.twilio.com';

export function verifyServiceRoutes(world: World): Route[] {
  return [
    route('POST', HOST, '/v2/Services', (call) => create(world, call)),
    route('GET', HOST, '/v2/Services', (call) =>
      ok(metaPage(call, { key: 'services', rows: world.store.verifyServicesByAccount.of(call.account.sid), render: serviceJson }))),
    route('GET', HOST, '/v2/Services/:service', (call) => ok(serviceJson(serviceOf(world, call)))),
    route('POST', HOST, '/v2/Services/:service', (call) => update(world, call)),
    route('DELETE', HOST, '/v2/Services/:service', (call) => remove(world, call)),
  ];
}

export function serviceOf(world: World, call: Call): VerifyService {
  const service = world.store.verifyServices.get(call.at.service ?? '');
  if (service?.accountSid !== call.account.sid) throw notFound(call.path);
  return service;
}

export const invalidParameter = (name: string): Error => badRequest(60200, `Invalid parameter: ${name}`);

function create(world: World, call: Call): Answer {
  const now = world.clock.ms();
  if (call.form.filled('FriendlyName') === undefined) throw invalidParameter('FriendlyName');
  const service: VerifyService = {
    sid: newSid('VA'), accountSid: call.account.sid, createdAt: now, updatedAt: now, friendlyName: '', codeLength: 6, customCodeEnabled: false,
  };
  return created(serviceJson(world.store.verifyServices.save(changed(service, call.form))));
}

function update(world: World, call: Call): Answer {
  const service = { ...changed(serviceOf(world, call), call.form), updatedAt: world.clock.ms() };
  return ok(serviceJson(world.store.verifyServices.save(service)));
}

function changed(service: VerifyService, form: Form): VerifyService {
  const friendlyName = form.filled('FriendlyName') ?? service.friendlyName;
  const codeLength = Number(form.filled('CodeLength') ?? service.codeLength);
  // Five digits in a name could be taken for the code (facts H).
  if (friendlyName.length > 32 || /(?:\D*\d){5}/.test(friendlyName)) throw invalidParameter('FriendlyName');
  if (!Number.isInteger(codeLength) || codeLength < 4 || codeLength > 10) throw invalidParameter('CodeLength');
  return { ...service, friendlyName, codeLength, customCodeEnabled: form.flag('CustomCodeEnabled') ?? service.customCodeEnabled };
}

function remove(world: World, call: Call): Answer {
  world.store.verifyServices.remove(serviceOf(world, call).sid);
  return gone;
}

const LINKS: Record<string, string> = {
  verification_checks: 'VerificationCheck', verifications: 'Verifications', rate_limits: 'RateLimits', messaging_configurations: 'MessagingConfigurations',
  entities: 'Entities', webhooks: 'Webhooks', access_tokens: 'AccessTokens',
};

function serviceJson(service: VerifyService): Record<string, unknown> {
  const url = `https://${HOST}/v2/Services/${service.sid}`;
  return {
    sid: service.sid, account_sid: service.accountSid, friendly_name: service.friendlyName, code_length: service.codeLength, lookup_enabled: false,
    psd2_enabled: false, skip_sms_to_landlines: false, dtmf_input_required: true, tts_name: service.friendlyName, do_not_share_warning_enabled: false,
    custom_code_enabled: service.customCodeEnabled, push: { include_date: false, apn_credential_sid: null, fcm_credential_sid: null },
    totp: { issuer: null, time_step: null, code_length: null, skew: null }, default_template_sid: null, whatsapp: { msg_service_sid: null, from: null },
    passkeys: {
      relying_party: { id: null, name: null, origins: null }, authenticator_attachment: null, discoverable_credentials: null, user_verification: null,
    },
    verify_event_subscription_enabled: false, date_created: isoSeconds(service.createdAt), date_updated: isoSeconds(service.updatedAt), url,
    links: Object.fromEntries(Object.entries(LINKS).map(([name, path]) => [name, `${url}/${path}`])),
  };
}
