import { defineMachine } from '@throughline/kernel/machine.js';
import type { ErasureEvent, ErasureState } from './privacy.types.js';

/** One step after the other, none of them twice; the job that asks for the next one is tried until it succeeds. */
export const erasureMachine = defineMachine<ErasureState, ErasureEvent>({
  name: 'erasure',
  initial: 'requested',
  final: ['done'],
  timeouts: { requested: 'silence', silenced: 'settle', erased: 'remove_copies', removed: 'verify' },
  transitions: {
    requested: { silence: { to: 'silenced' } },
    silenced: { settle: { to: 'erased' } },
    erased: { remove_copies: { to: 'removed' } },
    removed: { verify: { to: 'done' } },
    done: {},
  },
});
