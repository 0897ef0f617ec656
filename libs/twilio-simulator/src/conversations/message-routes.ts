import type { Receipt } from '../entities.js';
import { metaPage } from '../pages.js';
import { created, gone, ok, type Call, type Route } from '../router.js';
import { badRequest, notFound } from '../twilio-error.js';
import type { World } from '../world.js';
import { byRest } from './attributes.js';
import { messageJson, receiptJson } from './json.js';
import { changeMessage, messageFrom, removeMessage, say } from './message-actions.js';
import { both, findMessage, placeOf } from './scope.js';
import { refuseClosed } from './states.js';

const LIST = '/Conversations/:conversation/Messages';
const ONE = `${LIST}/:message`;

export function conversationMessageRoutes(world: World): Route[] {
  return [
    ...both('POST', LIST, async (call) => {
      const { scope, conversation } = placeOf(world, call);
      refuseClosed(world, conversation);
      return created(messageJson(
        world, await say(world, conversation, messageFrom(world, call.form), byRest(call)), scope,
      ));
    }),
    ...both('GET', LIST, (call) => ok(list(world, call))),
    ...both('GET', ONE, (call) => {
      const { scope, conversation } = placeOf(world, call);
      return ok(messageJson(world, findMessage(world, call, conversation), scope));
    }),
    ...both('POST', ONE, async (call) => {
      const { scope, conversation } = placeOf(world, call);
      const row = findMessage(world, call, conversation);
      return ok(messageJson(
        world, await changeMessage(world, conversation, row, { form: call.form, origin: byRest(call) }), scope,
      ));
    }),
    ...both('DELETE', ONE, async (call) => {
      const { conversation } = placeOf(world, call);
      await removeMessage(world, conversation, findMessage(world, call, conversation), byRest(call));
      return gone;
    }),
    ...both('GET', `${ONE}/Receipts`, (call) => {
      const { scope } = placeOf(world, call);
      return ok(metaPage(call, {
        key: 'delivery_receipts', rows: receipts(world, call), render: (row) => receiptJson(row, scope), max: 50,
      }));
    }),
    ...both('GET', `${ONE}/Receipts/:receipt`, (call) => {
      const row = receipts(world, call).find((one) => one.sid === call.at.receipt);
      if (!row) throw notFound(call.path);
      return ok(receiptJson(row, placeOf(world, call).scope));
    }),
  ];
}

function list(world: World, call: Call): Record<string, unknown> {
  const { scope, conversation } = placeOf(world, call);
  const order = call.query.filled('Order')?.toLowerCase() ?? 'asc';
  if (order !== 'asc' && order !== 'desc') throw badRequest(20001, 'Order must be asc or desc');
  const visible = world.clock.ms() - world.switches.values.listDelayMs;
  const rows = world.store.messagesByConversation.of(conversation.sid).filter((row) => row.createdAt <= visible);
  return metaPage(call, {
    key: 'messages', rows: order === 'desc' ? rows.reverse() : rows, render: (row) => messageJson(world, row, scope),
  });
}

/** A receipt is there from its first status on; before that the message is still inside Twilio. */
function receipts(world: World, call: Call): Receipt[] {
  const { conversation } = placeOf(world, call);
  return world.store.receiptsByMessage.of(findMessage(world, call, conversation).sid).filter((row) => row.status !== null);
}
