import { defineMachine } from '@throughline/kernel/machine.js';
import type { CallEvent, CallState } from './calls.types.js';

/** One phone call. A caller whose line to us breaks is still there: they come back to somebody who speaks, or to voicemail. */
export const callMachine = defineMachine<CallState, CallEvent>({
  name: 'call',
  initial: 'ringing',
  final: ['ended'],
  timeouts: { ringing: 'forgotten', talking: 'forgotten', lost: 'forgotten', voicemail: 'forgotten' },
  transitions: {
    ringing: { answered: { to: 'talking' }, voicemail_began: { to: 'voicemail' }, hung_up: { to: 'ended' }, forgotten: { to: 'ended' } },
    // Twilio may be back before it has told us that the line broke.
    talking: { answered: { to: 'talking' }, line_lost: { to: 'lost' }, voicemail_began: { to: 'voicemail' }, hung_up: { to: 'ended' }, forgotten: { to: 'ended' } },
    lost: { answered: { to: 'talking' }, voicemail_began: { to: 'voicemail' }, hung_up: { to: 'ended' }, forgotten: { to: 'ended' } },
    voicemail: { hung_up: { to: 'ended' }, forgotten: { to: 'ended' } },
    ended: {},
  },
});
