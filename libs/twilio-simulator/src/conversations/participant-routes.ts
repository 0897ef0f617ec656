import { metaPage } from '../pages.js';
import { created, gone, ok, type Route } from '../router.js';
import type { World } from '../world.js';
import { byRest } from './attributes.js';
import { participantJson } from './json.js';
import { changeParticipant, joinConversation, participantFrom, removeParticipant } from './participant-actions.js';
import { both, findParticipant, placeOf } from './scope.js';
import { refuseClosed } from './states.js';

const LIST = '/Conversations/:conversation/Participants';
const ONE = `${LIST}/:participant`;

export function participantRoutes(world: World): Route[] {
  return [
    ...both('POST', LIST, async (call) => {
      const { scope, conversation } = placeOf(world, call);
      refuseClosed(world, conversation);
      const row = await joinConversation(
        world, conversation, participantFrom(world, conversation, call.form), byRest(call),
      );
      return created(participantJson(row, scope));
    }),
    ...both('GET', LIST, (call) => {
      const { scope, conversation } = placeOf(world, call);
      const rows = world.store.participantsByConversation.of(conversation.sid);
      return ok(metaPage(call, { key: 'participants', rows, render: (row) => participantJson(row, scope) }));
    }),
    ...both('GET', ONE, (call) => {
      const { scope, conversation } = placeOf(world, call);
      return ok(participantJson(findParticipant(world, call, conversation), scope));
    }),
    ...both('POST', ONE, async (call) => {
      const { scope, conversation } = placeOf(world, call);
      const row = findParticipant(world, call, conversation);
      return ok(participantJson(
        await changeParticipant(world, conversation, row, { form: call.form, origin: byRest(call) }), scope,
      ));
    }),
    ...both('DELETE', ONE, async (call) => {
      const { conversation } = placeOf(world, call);
      await removeParticipant(world, conversation, findParticipant(world, call, conversation), byRest(call));
      return gone;
    }),
  ];
}
