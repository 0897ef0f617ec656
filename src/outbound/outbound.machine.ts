import { defineMachine } from '@throughline/kernel/machine.js';
import type { OutboundEvent, OutboundState } from './outbound.types.js';

const over = { busy: { to: 'busy' }, no_answer: { to: 'no_answer' }, failed: { to: 'failed' }, again: { to: 'waiting' }, cancelled: { to: 'cancelled' } } as const;

/** A call that we make. Webhooks may be faster than the answer that tells its number, so whatever is heard of a call that is being placed counts. */
export const outboundMachine = defineMachine<OutboundState, OutboundEvent>({
  name: 'outbound_call',
  initial: 'waiting',
  final: ['reached', 'message_left', 'machine', 'no_answer', 'busy', 'failed', 'refused', 'expired', 'cancelled'],
  timeouts: { waiting: 'expired', placing: 'failed', ringing: 'no_answer', talking: 'ended', leaving: 'ended' },
  transitions: {
    waiting: { due: { to: 'placing' }, refused: { to: 'refused' }, expired: { to: 'expired' }, cancelled: { to: 'cancelled' } },
    placing: { placed: { to: 'ringing' }, answered: { to: 'talking' }, ended: { to: 'failed' }, ...over },
    ringing: { answered: { to: 'talking' }, ended: { to: 'failed' }, ...over },
    talking: { machine: { to: 'machine' }, message: { to: 'leaving' }, ended: { to: 'reached' } },
    leaving: { said: { to: 'message_left' }, ended: { to: 'machine' } },
    reached: {}, message_left: {}, machine: {}, no_answer: {}, busy: {}, failed: {}, refused: {}, expired: {}, cancelled: {},
  },
});
