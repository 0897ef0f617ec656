import type { Conversation } from '../entities.js';
import { metaPage } from '../pages.js';
import { created, gone, ok, type Call, type Route } from '../router.js';
import { badRequest } from '../twilio-error.js';
import { parseInstant } from '../wire.js';
import type { World } from '../world.js';
import { byRest } from './attributes.js';
import { changeConversation, conversationFrom, openConversation, removeConversation } from './conversation-actions.js';
import { conversationJson } from './json.js';
import { both, findConversation, scopeOf } from './scope.js';

export function conversationRoutes(world: World): Route[] {
  return [
    ...both('POST', '/Conversations', async (call) => {
      const scope = scopeOf(world, call);
      const row = await openConversation(world, conversationFrom(world, scope, call.form), byRest(call));
      return created(conversationJson(row, scope));
    }),
    ...both('GET', '/Conversations', (call) => ok(list(world, call))),
    ...both('GET', '/Conversations/:conversation', (call) => {
      const scope = scopeOf(world, call);
      return ok(conversationJson(findConversation(world, call, scope), scope));
    }),
    ...both('POST', '/Conversations/:conversation', async (call) => {
      const scope = scopeOf(world, call);
      const row = findConversation(world, call, scope);
      return ok(conversationJson(
        await changeConversation(world, scope, row, { form: call.form, origin: byRest(call) }), scope,
      ));
    }),
    ...both('DELETE', '/Conversations/:conversation', async (call) => {
      await removeConversation(world, findConversation(world, call, scopeOf(world, call)), byRest(call));
      return gone;
    }),
  ];
}

/** StartDate and EndDate are whole days of the creation date (facts A.1). */
function list(world: World, call: Call): Record<string, unknown> {
  const scope = scopeOf(world, call);
  const from = dayOf(call, 'StartDate') ?? -Infinity;
  const to = (dayOf(call, 'EndDate') ?? Infinity) + 24 * 3_600_000;
  const state = call.query.filled('State');
  const wanted = (row: Conversation): boolean => row.createdAt >= from && row.createdAt < to && (!state || row.state === state);
  const rows = world.store.conversationsByService.of(scope.service.sid).filter(wanted);
  return metaPage(call, { key: 'conversations', rows, render: (row) => conversationJson(row, scope) });
}

function dayOf(call: Call, name: 'StartDate' | 'EndDate'): number | undefined {
  const text = call.query.filled(name);
  if (text === undefined) return undefined;
  const ms = parseInstant(text);
  if (ms === undefined) throw badRequest(20001, `${name} is not an ISO 8601 date`);
  return ms - (ms % (24 * 3_600_000));
}
