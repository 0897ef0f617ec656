import { defineMachine } from '@throughline/kernel/machine.js';
import type { CallbackEvent, CallbackState } from './callback.types.js';

const gone = { to: 'taker_gone' } as const;
const unanswered = { to: 'unanswered' } as const;

/** The way of two people to each other. Webhooks come late, twice, and in any order, so a later word counts for the earlier ones that it implies. */
export const callbackMachine = defineMachine<CallbackState, CallbackEvent>({
  name: 'callback',
  initial: 'calling',
  final: ['over', 'unanswered', 'taker_gone'],
  timeouts: { calling: 'taker_left', asking: 'taker_silent', reaching: 'person_unreached', joining: 'person_unreached', connected: 'person_left' },
  transitions: {
    calling: { taker_answered: { to: 'asking' }, taker_ready: { to: 'reaching' }, taker_left: gone },
    asking: { taker_ready: { to: 'reaching' }, taker_left: gone, taker_silent: gone },
    reaching: { taker_lost: { to: 'calling' }, person_answered: { to: 'joining' }, met: { to: 'connected' }, person_unreached: unanswered, person_left: unanswered, taker_left: gone, gave_up: gone },
    joining: { taker_lost: { to: 'calling' }, met: { to: 'connected' }, person_unreached: unanswered, person_left: unanswered, taker_left: gone, gave_up: gone },
    connected: { person_left: { to: 'over' }, taker_left: { to: 'over' }, gave_up: unanswered },
    over: {}, unanswered: {}, taker_gone: {},
  },
});
