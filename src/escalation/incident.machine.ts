import { defineMachine } from '@throughline/kernel/machine.js';
import type { AttemptEvent, AttemptState, IncidentEvent, IncidentState } from './escalation.types.js';

const taken = { acknowledged: { to: 'acknowledged' }, cancelled: { to: 'cancelled' }, ended: { to: 'exhausted' } } as const;

/** The ladder. Whoever comes late still takes it: an incident that nobody has is better taken late than never. */
export const incidentMachine = defineMachine<IncidentState, IncidentEvent>({
  name: 'incident',
  initial: 'armed',
  final: ['acknowledged', 'exhausted', 'cancelled'],
  timeouts: { armed: 'fired', notifying: 'fired', waiting: 'fired' },
  transitions: {
    armed: { fired: { to: 'notifying' }, ...taken },
    notifying: { dispatched: { to: 'waiting' }, fired: { to: 'notifying' }, relieved: { to: 'notifying' }, ...taken },
    waiting: { fired: { to: 'notifying' }, relieved: { to: 'notifying' }, ...taken },
    exhausted: { acknowledged: { to: 'acknowledged' }, cancelled: { to: 'cancelled' } },
    acknowledged: {},
    cancelled: {},
  },
});

const acknowledged = { to: 'acknowledged' } as const;
const cancelled = { to: 'cancelled' } as const;
const failed = { to: 'failed' } as const;

/** One text or call. That a machine has answered is noted, and decides nothing: the key does, which no machine knows. */
export const attemptMachine = defineMachine<AttemptState, AttemptEvent>({
  name: 'incident_attempt',
  initial: 'pending',
  final: ['sent', 'delivered', 'voicemail', 'acknowledged', 'no_key', 'no_answer', 'busy', 'failed', 'cancelled'],
  timeouts: { pending: 'failed', ringing: 'unanswered', answered: 'silent' },
  transitions: {
    pending: { accepted: { to: 'sent' }, delivered: { to: 'delivered' }, placed: { to: 'ringing' }, answered: { to: 'answered' }, unanswered: { to: 'no_answer' }, engaged: { to: 'busy' }, failed, acknowledged, cancelled },
    sent: { delivered: { to: 'delivered' }, failed, acknowledged },
    delivered: { acknowledged },
    ringing: {
      answered: { to: 'answered' }, unanswered: { to: 'no_answer' }, engaged: { to: 'busy' }, hung_up: { to: 'no_key' }, failed, cancelled,
    },
    answered: { machine: { to: 'voicemail' }, silent: { to: 'no_key' }, hung_up: { to: 'no_key' }, unanswered: { to: 'no_key' }, acknowledged, cancelled },
    voicemail: { acknowledged, cancelled },
    // It had left already when it was called off.
    cancelled: { accepted: { to: 'sent' } },
    acknowledged: {}, no_key: {}, no_answer: {}, busy: {}, failed: {},
  },
});
