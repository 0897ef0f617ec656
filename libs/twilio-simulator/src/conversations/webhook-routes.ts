import type { Conversation, ScopedWebhook } from '../entities.js';
import type { Form } from '../form.js';
import { metaPage } from '../pages.js';
import { created, gone, ok, type Answer, type Call, type Route } from '../router.js';
import { newSid } from '../sids.js';
import { badRequest, notFound } from '../twilio-error.js';
import type { World } from '../world.js';
import { messageParams } from './event-params.js';
import { POST_EVENTS } from './events.js';
import { scopedWebhookJson } from './json.js';
import { both, placeOf } from './scope.js';

/** A conversation has five webhooks of its own at most (facts A.9). */
const LIMIT = 5;

const LIST = '/Conversations/:conversation/Webhooks';
const ONE = `${LIST}/:webhook`;

export function scopedWebhookRoutes(world: World): Route[] {
  return [
    ...both('POST', LIST, (call) => create(world, call)),
    ...both('GET', LIST, (call) => {
      const { scope, conversation } = placeOf(world, call);
      const rows = world.store.scopedByConversation.of(conversation.sid);
      return ok(metaPage(call, {
        key: 'webhooks', rows, render: (row) => scopedWebhookJson(row, scope), size: LIMIT, max: LIMIT,
      }));
    }),
    ...both('GET', ONE, (call) => ok(scopedWebhookJson(find(world, call), placeOf(world, call).scope))),
    ...both('POST', ONE, (call) => {
      const row = find(world, call);
      const changed = { ...row, ...configurationFrom(call.form, row.target, row), updatedAt: world.clock.ms() };
      return ok(scopedWebhookJson(world.store.scopedWebhooks.save(changed), placeOf(world, call).scope));
    }),
    ...both('DELETE', ONE, (call) => {
      world.store.scopedWebhooks.remove(find(world, call).sid);
      return gone;
    }),
  ];
}

function find(world: World, call: Call): ScopedWebhook {
  const row = world.store.scopedWebhooks.get(call.at.webhook ?? '');
  if (row?.conversationSid !== placeOf(world, call).conversation.sid) throw notFound(call.path);
  return row;
}

function create(world: World, call: Call): Answer {
  const { scope, conversation } = placeOf(world, call);
  if (world.store.scopedByConversation.count(conversation.sid) >= LIMIT) {
    throw badRequest(50361, 'Conversation webhook limit exceeded');
  }
  const target = call.form.filled('Target');
  if (target !== 'webhook' && target !== 'trigger' && target !== 'studio') {
    throw badRequest(50364, 'Webhook target must be webhook, trigger or studio');
  }
  const now = world.clock.ms();
  const row = world.store.scopedWebhooks.save({
    sid: newSid('WH'), accountSid: conversation.accountSid, conversationSid: conversation.sid,
    serviceSid: conversation.serviceSid, createdAt: now, updatedAt: now, target,
    ...configurationFrom(call.form, target),
  });
  replay(world, conversation, row, call.form);
  return created(scopedWebhookJson(row, scope));
}

type Configuration = Pick<ScopedWebhook, 'url' | 'method' | 'filters' | 'triggers' | 'flowSid'>;

function configurationFrom(form: Form, target: ScopedWebhook['target'], now?: Configuration): Configuration {
  const url = form.filled('Configuration.Url') ?? now?.url ?? null;
  const flowSid = form.filled('Configuration.FlowSid') ?? now?.flowSid ?? null;
  if (target === 'studio' ? flowSid === null : url === null) {
    throw badRequest(target === 'studio' ? 50367 : 50369, `Target ${target} needs its ${target === 'studio' ? 'flow' : 'url'}`);
  }
  if (url !== null && !/^https?:\/\//.test(url)) throw badRequest(50372, 'Webhook url is invalid');
  const filters = form.has('Configuration.Filters') ? form.all('Configuration.Filters') : (now?.filters ?? []);
  const unknown = filters.find((one) => !POST_EVENTS.includes(one));
  if (unknown !== undefined) throw badRequest(50365, `Unknown webhook filter ${unknown}`);
  const triggers = form.has('Configuration.Triggers') ? form.all('Configuration.Triggers') : (now?.triggers ?? []);
  const method = form.filled('Configuration.Method')?.toLowerCase() ?? now?.method ?? 'post';
  return { url, method: method === 'get' ? 'get' : 'post', filters, triggers, flowSid };
}

/** ReplayAfter: messages after this index are told once more, to the new webhook alone (facts A.9). */
function replay(world: World, conversation: Conversation, row: ScopedWebhook, form: Form): void {
  const after = Number(form.filled('Configuration.ReplayAfter') ?? NaN);
  if (Number.isNaN(after) || row.url === null || !row.filters.includes('onMessageAdded')) return;
  for (const message of world.store.messagesByConversation.of(conversation.sid)) {
    if (message.index <= after) continue;
    const params = {
      AccountSid: row.accountSid, EventType: 'onMessageAdded', Source: 'API', RetryCount: '0',
      ...messageParams(message, 'added', conversation.messagingServiceSid),
    };
    world.webhooks.send({
      accountSid: row.accountSid, event: 'onMessageAdded', family: 'conversations',
      method: row.method === 'get' ? 'GET' : 'POST', url: row.url, params, chain: conversation.sid,
    });
  }
}
