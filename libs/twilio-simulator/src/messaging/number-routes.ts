import type { HookMethod, OwnNumber } from '../entities.js';
import type { Form } from '../form.js';
import { flatPage } from '../pages.js';
import { ok, route, type Answer, type Call, type Route } from '../router.js';
import { badRequest, notFound } from '../twilio-error.js';
import { rfc2822 } from '../wire.js';
import type { World } from '../world.js';

const BASE = '/2010-04-01/Accounts/:account/IncomingPhoneNumbers';

export function numberRoutes(world: World): Route[] {
  const api = 'api.twilio.com';
  return [
    route('GET', api, BASE, (call) => ok(list(world, call))),
    route('GET', api, `${BASE}/:number`, (call) => ok(numberJson(find(world, call)))),
    route('POST', api, `${BASE}/:number`, (call) => update(world, call)),
  ];
}

/** Channel senders (`whatsapp:`, `rcs:`) are no phone numbers and are not listed among them. */
function list(world: World, call: Call): Record<string, unknown> {
  const [phoneNumber, friendlyName] = [call.query.filled('PhoneNumber'), call.query.filled('FriendlyName')];
  const wanted = (row: OwnNumber): boolean =>
    row.phoneNumber.startsWith('+') && row.phoneNumber.includes(phoneNumber ?? '') &&
    (friendlyName === undefined || row.friendlyName === friendlyName);
  const rows = world.store.numbersByAccount.of(call.account.sid).filter(wanted);
  return flatPage(call, { key: 'incoming_phone_numbers', rows, render: numberJson });
}

function find(world: World, call: Call): OwnNumber {
  const number = world.store.numbers.get(call.at.number ?? '');
  if (number?.accountSid !== call.account.sid) throw notFound(`${call.path}.json`);
  return number;
}

function update(world: World, call: Call): Answer {
  const number = find(world, call);
  const { form } = call;
  const changed: OwnNumber = {
    ...number,
    friendlyName: form.get('FriendlyName') ?? number.friendlyName,
    smsUrl: urlOf(form, 'SmsUrl') ?? number.smsUrl,
    smsMethod: methodOf(form, 'SmsMethod') ?? number.smsMethod,
    smsFallbackUrl: urlOf(form, 'SmsFallbackUrl') ?? number.smsFallbackUrl,
    smsFallbackMethod: methodOf(form, 'SmsFallbackMethod') ?? number.smsFallbackMethod,
    voiceUrl: urlOf(form, 'VoiceUrl') ?? number.voiceUrl,
    voiceMethod: methodOf(form, 'VoiceMethod') ?? number.voiceMethod,
    voiceFallbackUrl: urlOf(form, 'VoiceFallbackUrl') ?? number.voiceFallbackUrl,
    voiceFallbackMethod: methodOf(form, 'VoiceFallbackMethod') ?? number.voiceFallbackMethod,
    statusCallback: urlOf(form, 'StatusCallback') ?? number.statusCallback,
    statusCallbackMethod: methodOf(form, 'StatusCallbackMethod') ?? number.statusCallbackMethod,
    updatedAt: world.clock.ms(),
  };
  return ok(numberJson(world.store.numbers.save(changed)));
}

function urlOf(form: Form, name: string): string | undefined {
  const url = form.get(name);
  if (url && !URL.canParse(url)) throw badRequest(21502, `Invalid ${name}`);
  return url;
}

function methodOf(form: Form, name: string): HookMethod | undefined {
  const method = form.filled(name)?.toUpperCase();
  return method === 'GET' || method === 'POST' ? method : undefined;
}

function numberJson(number: OwnNumber): Record<string, unknown> {
  return {
    account_sid: number.accountSid,
    address_requirements: 'none',
    address_sid: null,
    api_version: '2010-04-01',
    beta: false,
    bundle_sid: null,
    capabilities: { voice: true, sms: true, mms: true, fax: false },
    date_created: rfc2822(number.createdAt),
    date_updated: rfc2822(number.updatedAt),
    emergency_address_sid: null,
    emergency_address_status: 'unregistered',
    emergency_status: 'Inactive',
    friendly_name: number.friendlyName,
    identity_sid: null,
    origin: 'twilio',
    phone_number: number.phoneNumber,
    sid: number.sid,
    sms_application_sid: '',
    sms_fallback_method: number.smsFallbackMethod,
    sms_fallback_url: number.smsFallbackUrl,
    sms_method: number.smsMethod,
    sms_url: number.smsUrl,
    status: 'in-use',
    status_callback: number.statusCallback,
    status_callback_method: number.statusCallbackMethod,
    trunk_sid: null,
    type: 'local',
    uri: `/2010-04-01/Accounts/${number.accountSid}/IncomingPhoneNumbers/${number.sid}.json`,
    voice_application_sid: '',
    voice_caller_id_lookup: false,
    voice_fallback_method: number.voiceFallbackMethod,
    voice_fallback_url: number.voiceFallbackUrl,
    voice_method: number.voiceMethod,
    voice_receive_mode: 'voice',
    voice_url: number.voiceUrl,
  };
}
