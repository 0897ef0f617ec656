import type { ConversationsDefaults, HookSettings } from '../entities.js';
import type { Form } from '../form.js';
import { ok, route, type Answer, type Call, type Route } from '../router.js';
import { badRequest } from '../twilio-error.js';
import type { World } from '../world.js';
import { POST_EVENTS, PRE_EVENTS } from './events.js';
import { HOST, scopeOf } from './scope.js';
import { timerFrom } from './timers.js';

export function configurationRoutes(world: World): Route[] {
  return [
    route('GET', HOST, '/v1/Configuration', (call) => ok(defaultsJson(defaultsOf(world, call)))),
    route('POST', HOST, '/v1/Configuration', (call) => changeDefaults(world, call)),
    route(
      'GET', HOST, '/v1/Configuration/Webhooks',
      (call) => ok(accountHooksJson(settingsOf(world, call.account.sid, call.account.sid))),
    ),
    route('POST', HOST, '/v1/Configuration/Webhooks', (call) => {
      const settings = { ...settingsOf(world, call.account.sid, call.account.sid), ...settingsFrom(call.form) };
      return ok(accountHooksJson(world.store.hookSettings.save(settings)));
    }),
    route('GET', HOST, '/v1/Services/:service/Configuration/Webhooks', (call) => {
      const { service } = scopeOf(world, call);
      return ok(serviceHooksJson(settingsOf(world, service.sid, call.account.sid)));
    }),
    route('POST', HOST, '/v1/Services/:service/Configuration/Webhooks', (call) => {
      const { service } = scopeOf(world, call);
      const settings = { ...settingsOf(world, service.sid, call.account.sid), ...settingsFrom(call.form) };
      return ok(serviceHooksJson(world.store.hookSettings.save(settings)));
    }),
  ];
}

const defaultsOf = (world: World, call: Call): ConversationsDefaults => world.store.defaults.get(call.account.sid)!;

function changeDefaults(world: World, call: Call): Answer {
  const row = defaultsOf(world, call);
  const { form } = call;
  const [inactive, closed] = [form.get('DefaultInactiveTimer'), form.get('DefaultClosedTimer')];
  const serviceSid = form.filled('DefaultChatServiceSid') ?? row.serviceSid;
  const messagingServiceSid = form.filled('DefaultMessagingServiceSid') ?? row.messagingServiceSid;
  if (world.store.services.get(serviceSid)?.accountSid !== call.account.sid) {
    throw badRequest(20404, `There is no conversation service ${serviceSid}`);
  }
  if (world.store.messagingServices.get(messagingServiceSid)?.accountSid !== call.account.sid) {
    throw badRequest(20404, `There is no Messaging Service ${messagingServiceSid}`);
  }
  return ok(defaultsJson(world.store.defaults.save({
    ...row, serviceSid, messagingServiceSid,
    inactiveTimer: inactive === undefined ? row.inactiveTimer : checked('Timers.Inactive', inactive),
    closedTimer: closed === undefined ? row.closedTimer : checked('Timers.Closed', closed),
  })));
}

function checked(name: 'Timers.Inactive' | 'Timers.Closed', text: string): string | null {
  const form = new URLSearchParams({ [name]: text });
  return timerFrom({ get: (one: string) => form.get(one) ?? undefined } as Form, name) ?? null;
}

const settingsOf = (world: World, sid: string, accountSid: string): HookSettings =>
  world.store.hookSettings.get(sid) ?? {
    sid, accountSid, method: 'POST', filters: null, preUrl: null, postUrl: null, target: 'webhook',
  };

function settingsFrom(form: Form): Partial<HookSettings> {
  const url = (name: string): string | null => {
    const text = form.filled(name) ?? null;
    if (text !== null && !/^https?:\/\//.test(text)) throw badRequest(50372, `${name} is invalid`);
    return text;
  };
  const filters = form.all('Filters').filter((one) => one !== '');
  const unknown = filters.find((one) => !POST_EVENTS.includes(one) && !PRE_EVENTS.includes(one));
  if (unknown !== undefined) throw badRequest(50365, `Unknown webhook filter ${unknown}`);
  return {
    ...(form.has('Method') ? { method: form.get('Method')?.toUpperCase() === 'GET' ? 'GET' : 'POST' } : {}),
    ...(form.has('Filters') ? { filters } : {}),
    ...(form.has('PreWebhookUrl') ? { preUrl: url('PreWebhookUrl') } : {}),
    ...(form.has('PostWebhookUrl') ? { postUrl: url('PostWebhookUrl') } : {}),
    ...(form.has('Target') ? { target: form.get('Target') === 'flex' ? 'flex' : 'webhook' } : {}),
  };
}

function defaultsJson(row: ConversationsDefaults): Record<string, unknown> {
  const url = `https://${HOST}/v1`;
  return {
    account_sid: row.sid, default_chat_service_sid: row.serviceSid,
    default_messaging_service_sid: row.messagingServiceSid, default_inactive_timer: row.inactiveTimer,
    default_closed_timer: row.closedTimer, url: `${url}/Configuration`,
    links: { service: `${url}/Services/${row.serviceSid}/Configuration`, webhooks: `${url}/Configuration/Webhooks` },
  };
}

const hooksJson = (row: HookSettings): Record<string, unknown> => ({
  account_sid: row.accountSid, method: row.method, filters: row.filters ?? [], pre_webhook_url: row.preUrl,
  post_webhook_url: row.postUrl,
});

const accountHooksJson = (row: HookSettings): Record<string, unknown> => ({
  ...hooksJson(row), target: row.target, url: `https://${HOST}/v1/Configuration/Webhooks`,
});

const serviceHooksJson = (row: HookSettings): Record<string, unknown> => ({
  ...hooksJson(row), chat_service_sid: row.sid, url: `https://${HOST}/v1/Services/${row.sid}/Configuration/Webhooks`,
});
