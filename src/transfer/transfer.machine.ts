import { defineMachine } from '@throughline/kernel/machine.js';
import type { AttemptEvent, AttemptState, TransferEvent, TransferState } from './transfer.types.js';

/** A caller's way to a specialist. Each state but the last two has a limit; whatever happens, the caller ends with a person or the assistant, or has hung up. */
export const transferMachine = defineMachine<TransferState, TransferEvent>({
  name: 'transfer',
  initial: 'requested',
  final: ['returned', 'caller_left'],
  timeouts: {
    requested: 'timed_out', holding: 'timed_out', dialing: 'none_left', screening: 'none_left', merging: 'none_left', merged: 'specialist_left', returning: 'caller_left',
  },
  transitions: {
    requested: {
      caller_held: { to: 'holding' }, called: { to: 'dialing' }, caller_left: { to: 'caller_left' }, timed_out: { to: 'returning' }, none_left: { to: 'returning' },
    },
    holding: { called: { to: 'dialing' }, caller_left: { to: 'caller_left' }, timed_out: { to: 'returning' }, none_left: { to: 'returning' } },
    dialing: {
      called: { to: 'dialing' }, answered: { to: 'screening' }, caller_left: { to: 'caller_left' }, none_left: { to: 'returning' },
    },
    screening: {
      called: { to: 'dialing' }, answered: { to: 'screening' }, aborted: { to: 'dialing' }, accepted: { to: 'merging' }, caller_left: { to: 'caller_left' },
      none_left: { to: 'returning' },
    },
    merging: { joined: { to: 'merged' }, called: { to: 'dialing' }, caller_left: { to: 'caller_left' }, none_left: { to: 'returning' } },
    merged: { specialist_left: { to: 'returning' }, caller_left: { to: 'caller_left' } },
    returning: { caller_back: { to: 'returned' }, caller_left: { to: 'caller_left' } },
    returned: {},
    caller_left: {},
  },
});

const out = { declined: { to: 'declined' }, hung_up: { to: 'declined' }, silent: { to: 'voicemail' }, cancelled: { to: 'cancelled' } } as const;

/** One specialist's part in it. Only who has pressed the key has accepted. */
export const attemptMachine = defineMachine<AttemptState, AttemptEvent>({
  name: 'transfer_attempt',
  initial: 'waiting',
  final: ['left', 'declined', 'no_answer', 'busy', 'voicemail', 'failed', 'cancelled'],
  timeouts: { waiting: 'cancelled', dialing: 'unanswered', screening: 'silent', accepted: 'hung_up', joined: 'hung_up' },
  transitions: {
    waiting: { called: { to: 'dialing' }, cancelled: { to: 'cancelled' } },
    dialing: {
      answered: { to: 'screening' }, unanswered: { to: 'no_answer' }, engaged: { to: 'busy' }, unreachable: { to: 'failed' }, hung_up: { to: 'declined' },
      cancelled: { to: 'cancelled' },
    },
    screening: { accepted: { to: 'accepted' }, ...out },
    accepted: { joined: { to: 'joined' }, hung_up: { to: 'left' }, cancelled: { to: 'cancelled' } },
    joined: { hung_up: { to: 'left' }, cancelled: { to: 'cancelled' } },
    left: {}, declined: {}, no_answer: {}, busy: {}, voicemail: {}, failed: {}, cancelled: {},
  },
});
