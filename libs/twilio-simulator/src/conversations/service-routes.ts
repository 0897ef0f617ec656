import type { ChatService, Role } from '../entities.js';
import { metaPage } from '../pages.js';
import { created, gone, ok, route, type Answer, type Call, type Route } from '../router.js';
import { badRequest, conflict, notFound } from '../twilio-error.js';
import { isoSeconds } from '../wire.js';
import type { World } from '../world.js';
import { newChatService } from './defaults.js';
import { both, HOST, scopeOf, type Scope } from './scope.js';

const SERVICES = '/v1/Services';

export function chatServiceRoutes(world: World): Route[] {
  return [
    route('POST', HOST, SERVICES, (call) => create(world, call)),
    route('GET', HOST, SERVICES, (call) =>
      ok(metaPage(call, {
        key: 'services', rows: world.store.servicesByAccount.of(call.account.sid), render: serviceJson,
      }))),
    route('GET', HOST, `${SERVICES}/:service`, (call) => ok(serviceJson(scopeOf(world, call).service))),
    route('DELETE', HOST, `${SERVICES}/:service`, (call) => remove(world, call)),
    route('GET', HOST, `${SERVICES}/:service/Configuration`, (call) => ok(configurationJson(scopeOf(world, call).service))),
    route('POST', HOST, `${SERVICES}/:service/Configuration`, (call) => configure(world, call)),
    ...both('GET', '/Roles', (call) => {
      const scope = scopeOf(world, call);
      return ok(metaPage(call, {
        key: 'roles', rows: world.store.rolesByService.of(scope.service.sid), render: (row) => roleJson(row, scope),
        max: 50,
      }));
    }),
    ...both('GET', '/Roles/:role', (call) => {
      const scope = scopeOf(world, call);
      const role = world.store.roles.get(call.at.role ?? '');
      if (role?.serviceSid !== scope.service.sid) throw notFound(call.path);
      return ok(roleJson(role, scope));
    }),
  ];
}

function create(world: World, call: Call): Answer {
  const friendlyName = call.form.filled('FriendlyName');
  if (friendlyName === undefined) throw badRequest(20001, 'Missing required parameter FriendlyName in the post body');
  return created(serviceJson(newChatService(world, call.account.sid, friendlyName)));
}

function remove(world: World, call: Call): Answer {
  const { service } = scopeOf(world, call);
  if (world.store.defaults.get(call.account.sid)?.serviceSid === service.sid) {
    throw conflict(20409, 'The default conversation service cannot be deleted');
  }
  if (world.store.conversationsByService.count(service.sid) > 0) {
    throw conflict(20409, 'The conversation service still has conversations');
  }
  for (const role of world.store.rolesByService.of(service.sid)) world.store.roles.remove(role.sid);
  world.store.services.remove(service.sid);
  return gone;
}

function configure(world: World, call: Call): Answer {
  const { service } = scopeOf(world, call);
  const role = (name: string, now: string): string => {
    const sid = call.form.filled(name) ?? now;
    if (world.store.roles.get(sid)?.serviceSid !== service.sid) {
      throw badRequest(50126, `There is no role ${sid} in this service`);
    }
    return sid;
  };
  const changed: ChatService = {
    ...service,
    creatorRoleSid: role('DefaultConversationCreatorRoleSid', service.creatorRoleSid),
    memberRoleSid: role('DefaultConversationRoleSid', service.memberRoleSid),
    serviceRoleSid: role('DefaultChatServiceRoleSid', service.serviceRoleSid),
    reachability: call.form.flag('ReachabilityEnabled') ?? service.reachability,
    updatedAt: world.clock.ms(),
  };
  return ok(configurationJson(world.store.services.save(changed)));
}

const LINKS: Record<string, string> = {
  conversations: 'Conversations', users: 'Users', roles: 'Roles', bindings: 'Bindings', configuration: 'Configuration',
  participant_conversations: 'ParticipantConversations', conversation_with_participants: 'ConversationWithParticipants',
};

function serviceJson(row: ChatService): Record<string, unknown> {
  const url = `https://${HOST}${SERVICES}/${row.sid}`;
  return {
    sid: row.sid, account_sid: row.accountSid, friendly_name: row.friendlyName, date_created: isoSeconds(row.createdAt),
    date_updated: isoSeconds(row.updatedAt), url,
    links: Object.fromEntries(Object.entries(LINKS).map(([name, path]) => [name, `${url}/${path}`])),
  };
}

function configurationJson(row: ChatService): Record<string, unknown> {
  const url = `https://${HOST}${SERVICES}/${row.sid}/Configuration`;
  return {
    chat_service_sid: row.sid, default_conversation_creator_role_sid: row.creatorRoleSid,
    default_conversation_role_sid: row.memberRoleSid, default_chat_service_role_sid: row.serviceRoleSid,
    reachability_enabled: row.reachability, url,
    links: { notifications: `${url}/Notifications`, webhooks: `${url}/Webhooks` },
  };
}

function roleJson(row: Role, scope: Scope): Record<string, unknown> {
  return {
    sid: row.sid, account_sid: row.accountSid, chat_service_sid: row.serviceSid, friendly_name: row.friendlyName,
    type: row.type, permissions: row.permissions, date_created: isoSeconds(row.createdAt),
    date_updated: isoSeconds(row.updatedAt), url: `${scope.base}/Roles/${row.sid}`,
  };
}
