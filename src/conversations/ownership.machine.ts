import { defineMachine } from '@throughline/kernel/machine.js';
import type { Owner, OwnershipEvent } from './conversations.types.js';

/** What follows a change of owner, besides the new epoch: a mark in the thread, so that the memory knows. */
export type OwnershipEffect = 'mark_human_start' | 'mark_human_end' | 'answer_open_question';

/** Who may speak. Every change starts a new epoch, and what was thought under an older one is refused. */
export const ownershipMachine = defineMachine<Owner, OwnershipEvent, OwnershipEffect>({
  name: 'ownership',
  initial: 'assistant',
  final: ['closed'],
  timeouts: { assistant: 'idle', queued: 'queue_timed_out', staff: 'idle', specialist: 'idle' },
  transitions: {
    assistant: {
      assistant_handed_off: { to: 'queued' },
      reply_lost: { to: 'queued' },
      staff_took_over: { to: 'staff', effects: ['mark_human_start'] },
      specialist_joined: { to: 'specialist', effects: ['mark_human_start'] },
      closed: { to: 'closed' },
      idle: { to: 'closed' },
    },
    queued: {
      customer_returned: { to: 'assistant' },
      staff_took_over: { to: 'staff', effects: ['mark_human_start'] },
      staff_handed_back: { to: 'assistant', effects: ['mark_human_end', 'answer_open_question'] },
      queue_timed_out: { to: 'assistant', effects: ['mark_human_end', 'answer_open_question'] },
      closed: { to: 'closed' },
    },
    staff: {
      staff_handed_back: { to: 'assistant', effects: ['mark_human_end', 'answer_open_question'] },
      idle: { to: 'assistant', effects: ['mark_human_end', 'answer_open_question'] },
      closed: { to: 'closed', effects: ['mark_human_end'] },
    },
    specialist: {
      specialist_left: { to: 'assistant', effects: ['mark_human_end', 'answer_open_question'] },
      idle: { to: 'assistant', effects: ['mark_human_end', 'answer_open_question'] },
      closed: { to: 'closed', effects: ['mark_human_end'] },
    },
    closed: {
      customer_wrote: { to: 'assistant' },
      staff_took_over: { to: 'staff', effects: ['mark_human_start'] },
    },
  },
});
