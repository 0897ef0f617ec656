import type { Participant, User } from '../entities.js';
import { metaPage } from '../pages.js';
import { created, gone, ok, type Answer, type Call, type Route } from '../router.js';
import { newSid } from '../sids.js';
import { badRequest, conflict, notFound } from '../twilio-error.js';
import { isoSeconds } from '../wire.js';
import type { World } from '../world.js';
import { attributesFrom, byRest, MEMBER_ATTRIBUTES } from './attributes.js';
import { userParams } from './event-params.js';
import { firePost, firePre } from './hooks.js';
import { both, scopeOf, type Scope } from './scope.js';
import { timersOf } from './timers.js';
import { keepUser } from './users.js';

export function userRoutes(world: World): Route[] {
  return [
    ...both('POST', '/Users', (call) => create(world, call)),
    ...both('GET', '/Users', (call) => {
      const scope = scopeOf(world, call);
      return ok(metaPage(call, {
        key: 'users', rows: world.store.usersByService.of(scope.service.sid), render: (row) => userJson(row, scope),
        max: 50,
      }));
    }),
    ...both('GET', '/Users/:user', (call) => ok(userJson(find(world, call), scopeOf(world, call)))),
    ...both('POST', '/Users/:user', (call) => update(world, call)),
    ...both('DELETE', '/Users/:user', (call) => {
      world.store.users.remove(find(world, call).sid);
      return gone;
    }),
    ...both('GET', '/Users/:user/Conversations', (call) => {
      const [scope, user] = [scopeOf(world, call), find(world, call)];
      const rows = world.store.participantsByIdentity.of(`${scope.service.sid} ${user.identity}`);
      return ok(metaPage(call, {
        key: 'conversations', rows, render: (row) => membershipJson(world, row, user, scope), max: 50,
      }));
    }),
  ];
}

/** By its sid, or by its identity. */
function find(world: World, call: Call): User {
  const { service } = scopeOf(world, call);
  const name = call.at.user ?? '';
  const user = world.store.users.get(name) ?? world.store.userByIdentity.first(`${service.sid} ${name}`);
  if (user?.serviceSid !== service.sid) throw notFound(call.path);
  return user;
}

function create(world: World, call: Call): Answer {
  const scope = scopeOf(world, call);
  const identity = call.form.filled('Identity');
  if (identity === undefined) throw badRequest(50204, 'Identity not provided');
  if (world.store.userByIdentity.first(`${scope.service.sid} ${identity}`)) {
    throw conflict(50201, 'User already exists');
  }
  const now = world.clock.ms();
  const user: User = {
    sid: newSid('US'), accountSid: scope.accountSid, serviceSid: scope.service.sid, createdAt: now, updatedAt: now,
    identity, friendlyName: call.form.filled('FriendlyName') ?? null,
    attributes: attributesFrom(call.form, MEMBER_ATTRIBUTES) ?? '{}',
    roleSid: call.form.filled('RoleSid') ?? scope.service.serviceRoleSid,
  };
  return created(userJson(keepUser(world, user, byRest(call)), scope));
}

async function update(world: World, call: Call): Promise<Answer> {
  const user = find(world, call);
  const on = { accountSid: user.accountSid, serviceSid: user.serviceSid };
  const changed: User = {
    ...user, friendlyName: call.form.get('FriendlyName') ?? user.friendlyName,
    attributes: attributesFrom(call.form, MEMBER_ATTRIBUTES) ?? user.attributes,
    roleSid: call.form.filled('RoleSid') ?? user.roleSid, updatedAt: world.clock.ms(),
  };
  const origin = byRest(call);
  const changes = await firePre(world, on, { event: 'onUserUpdate', origin, params: userParams(changed, 'updated') });
  changed.friendlyName = changes.friendly_name ?? changed.friendlyName;
  world.store.users.save(changed);
  firePost(world, on, { event: 'onUserUpdated', origin, params: userParams(changed, 'updated') });
  return ok(userJson(changed, scopeOf(world, call)));
}

function userJson(row: User, scope: Scope): Record<string, unknown> {
  const url = `${scope.base}/Users/${row.sid}`;
  return {
    sid: row.sid, account_sid: row.accountSid, chat_service_sid: row.serviceSid, role_sid: row.roleSid,
    identity: row.identity, friendly_name: row.friendlyName, attributes: row.attributes, is_online: false,
    is_notifiable: null, date_created: isoSeconds(row.createdAt), date_updated: isoSeconds(row.updatedAt), url,
    links: { user_conversations: `${url}/Conversations` },
  };
}

function membershipJson(world: World, row: Participant, user: User, scope: Scope): Record<string, unknown> {
  const conversation = world.store.conversations.get(row.conversationSid)!;
  const url = `${scope.base}/Users/${user.sid}/Conversations/${conversation.sid}`;
  const unread = conversation.nextIndex - 1 - (row.lastReadIndex ?? -1);
  return {
    account_sid: row.accountSid, chat_service_sid: row.serviceSid, conversation_sid: conversation.sid,
    unread_messages_count: unread, last_read_message_index: row.lastReadIndex, participant_sid: row.sid,
    user_sid: user.sid, friendly_name: conversation.friendlyName, conversation_state: conversation.state,
    timers: timersOf(conversation), attributes: conversation.attributes,
    date_created: isoSeconds(conversation.createdAt), date_updated: isoSeconds(conversation.updatedAt),
    created_by: conversation.createdBy, notification_level: 'default', unique_name: conversation.uniqueName, url,
    links: {
      participant: `${scope.base}/Conversations/${conversation.sid}/Participants/${row.sid}`,
      conversation: `${scope.base}/Conversations/${conversation.sid}`,
    },
  };
}
