import type { Conversation, ConversationState } from '../entities.js';
import { TwilioError } from '../twilio-error.js';
import { isoMillis } from '../wire.js';
import type { World } from '../world.js';
import { firePost, type Origin } from './hooks.js';

interface StateChange {
  to: ConversationState;
  reason: 'API' | 'TIMER' | 'EVENT';
  at: number;
  /** Who asked, where somebody did. */
  origin?: Origin;
}

/** TIMER and EVENT changes are always told; one made by REST only where webhooks were asked for (facts C.3). */
export function changeState(world: World, row: Conversation, change: StateChange): void {
  const from = row.state;
  if (from === change.to) return;
  row.state = change.to;
  row.updatedAt = change.at;
  world.store.conversations.save(row);
  world.feed.emit('conversation', row);
  const origin = change.reason === 'API' ? change.origin : { ...change.origin, fires: true };
  firePost(world, row, {
    event: 'onConversationStateUpdated',
    origin: origin ?? { fires: true },
    params: {
      ChatServiceSid: row.serviceSid, ConversationSid: row.sid, MessagingServiceSid: row.messagingServiceSid,
      StateFrom: from, StateTo: change.to, StateUpdated: isoMillis(change.at), Reason: change.reason,
    },
  });
}

/** Closed is final: nothing in it or about it can be changed any more (50377). */
export function refuseClosed(world: World, row: Conversation): void {
  if (row.state !== 'closed') return;
  throw new TwilioError(
    world.switches.values.closedStatus, 50377, 'Conversation is in final closed state and cannot be modified',
  );
}
