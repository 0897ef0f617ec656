import type { HookMethod, HookSettings, ScopedWebhook } from '../entities.js';
import type { Form } from '../form.js';
import type { HookParams } from '../signature.js';
import { badRequest } from '../twilio-error.js';
import type { World } from '../world.js';

/** Who acts, and whether webhooks hear of it. */
export interface Origin {
  source?: string | undefined;
  /** Of an SDK user. */
  clientIdentity?: string | undefined;
  fires: boolean;
}

/** An update by REST: what the form says, and who asks. */
export interface Change {
  form: Form;
  origin: Origin;
}

export interface Subject {
  accountSid: string;
  serviceSid: string;
  /** The conversation, where there is one: its hooks go out in order, and its scoped webhooks hear too. */
  sid?: string;
}

interface HookEvent {
  event: string;
  params: HookParams;
  origin: Origin;
}

interface Target {
  url: string;
  method: HookMethod;
}

/** Tells the service's or the account's hook, and those of the conversation, what has happened. */
export function firePost(world: World, on: Subject, told: HookEvent): void {
  if (!told.origin.fires) return;
  const params = { ...common(on, told), ...told.params };
  for (const target of [...globalTargets(world, on, told.event), ...scopedTargets(world, on, told)]) {
    world.webhooks.send({
      accountSid: on.accountSid, event: told.event, family: 'conversations', method: target.method, url: target.url,
      params,
      // In order for each listener; one that hangs does not hold up the others.
      chain: `${on.sid ?? on.serviceSid} ${target.url}`,
    });
  }
}

/** What a pre-action hook may change; `attributes` is JSON in text. */
export interface Changes {
  friendly_name?: string;
  body?: string;
  author?: string;
  attributes?: string;
}

/**
 * Asks the pre-action hook, if there is one: a refusal (4xx, 5xx) is 50056 for the caller, silence for 5 s is consent,
 * a JSON object changes what was about to be done (facts C.1, C.5).
 */
export async function firePre(world: World, on: Subject, asked: HookEvent): Promise<Changes> {
  if (!asked.origin.fires || (asked.origin.source === 'API' && !world.switches.values.preHooksOnRest)) return {};
  const settings = settingsFor(world, on).find((one) => one.preUrl !== null && hears(world, one, asked.event));
  if (!settings?.preUrl) return {};
  const params = { ...common(on, asked), ...asked.params };
  const answered = await world.webhooks.ask({
    accountSid: on.accountSid, event: asked.event, family: 'conversations', method: settings.method,
    url: settings.preUrl, params, chain: null,
  });
  if (!answered) return {};
  if (answered.status >= 400) {
    throw badRequest(50056, `Pre-event webhook ${asked.event} refused the action with HTTP ${answered.status}`);
  }
  return changesOf(answered.body);
}

function changesOf(body: string): Changes {
  try {
    const parsed: unknown = JSON.parse(body || '{}');
    return typeof parsed === 'object' && parsed !== null ? (parsed as Changes) : {};
  } catch {
    return {};
  }
}

/** Once a service has a hook of its own, the account's falls silent for it (live test in facts C.2; a switch). */
function settingsFor(world: World, on: Subject): HookSettings[] {
  const own = world.store.hookSettings.get(on.serviceSid);
  const account = world.store.hookSettings.get(on.accountSid);
  const hasOwn = own !== undefined && (own.postUrl !== null || own.preUrl !== null);
  if (hasOwn) return world.switches.values.bothHookScopes && account ? [own, account] : [own];
  return account ? [account] : [];
}

function globalTargets(world: World, on: Subject, event: string): Target[] {
  return settingsFor(world, on)
    .filter((one) => one.postUrl !== null && hears(world, one, event))
    .map((one) => ({ url: one.postUrl!, method: one.method }));
}

const hears = (world: World, settings: HookSettings, event: string): boolean =>
  settings.filters === null ? world.switches.values.defaultFilters === 'all' : settings.filters.includes(event);

function scopedTargets(world: World, on: Subject, told: HookEvent): Target[] {
  if (on.sid === undefined || world.store.scopedByConversation.count(on.sid) === 0) return [];
  const body = String(told.params.Body ?? '').toLowerCase();
  const triggers = (hook: ScopedWebhook): boolean => hook.triggers.some((word) => body.includes(word.toLowerCase()));
  const wanted = (hook: ScopedWebhook): boolean =>
    hook.target === 'webhook' ? hook.filters.includes(told.event)
    : hook.target === 'trigger' && told.event === 'onMessageAdded' && triggers(hook);
  return world.store.scopedByConversation.of(on.sid)
    .filter((hook) => hook.url !== null && wanted(hook))
    .map((hook) => ({ url: hook.url!, method: hook.method === 'get' ? 'GET' : 'POST' }));
}

function common(on: Subject, told: HookEvent): HookParams {
  return {
    AccountSid: on.accountSid,
    EventType: told.event,
    ...(told.origin.source === undefined ? {} : { Source: told.origin.source }),
    ...(told.origin.clientIdentity === undefined ? {} : { ClientIdentity: told.origin.clientIdentity }),
    RetryCount: '0',
  };
}
