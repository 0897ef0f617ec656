import { defineMachine, type Transition } from '@throughline/kernel/machine.js';
import type { DeliveryEvent, DeliveryState, ReceiptStatus } from './delivery.types.js';

type Receipts = Partial<Record<DeliveryEvent, Transition<DeliveryState, never>>>;

/**
 * Receipts move forward only, along sent < failed < undelivered < delivered < read. That is a total order, so any
 * order of arrival ends in the same state. "Delivered" outranks "failed" because it is positive evidence: somebody's
 * phone has the text.
 */
const RANK = ['sent', 'failed', 'undelivered', 'delivered', 'read'] as const;

function receiptsAbove(state: (typeof RANK)[number] | null): Receipts {
  const above = RANK.slice(state === null ? 0 : RANK.indexOf(state) + 1);
  return Object.fromEntries(above.map((to) => [`receipt_${to}`, { to }]));
}

export const deliveryMachine = defineMachine<DeliveryState, DeliveryEvent>({
  name: 'delivery',
  initial: 'pending',
  final: ['delivered', 'read', 'failed', 'undelivered', 'suppressed', 'unknown'],
  timeouts: { pending: 'claimed', sending: 'lease_expired', retry_wait: 'claimed', sent: 'receipt_overdue' },
  transitions: {
    pending: {
      claimed: { to: 'sending' }, held: { to: 'retry_wait' }, opted_out: { to: 'suppressed' }, withheld: { to: 'suppressed' }, unreachable: { to: 'suppressed' },
      refused: { to: 'failed' },
    },
    sending: {
      accepted: { to: 'sent' },
      found: { to: 'sent' },
      retry_later: { to: 'retry_wait' },
      outcome_unknown: { to: 'retry_wait' },
      lease_expired: { to: 'retry_wait' },
      refused: { to: 'failed' },
      opted_out: { to: 'suppressed' },
      withheld: { to: 'suppressed' },
      undecided: { to: 'unknown' },
      receipt_retry: { to: 'retry_wait' },
      arrived_before: { to: 'delivered' },
      ...receiptsAbove(null),
    },
    retry_wait: {
      claimed: { to: 'sending' },
      held: { to: 'retry_wait' },
      opted_out: { to: 'suppressed' },
      withheld: { to: 'suppressed' },
      unreachable: { to: 'suppressed' },
      refused: { to: 'failed' },
      undecided: { to: 'unknown' },
      receipt_retry: { to: 'retry_wait' },
      arrived_before: { to: 'delivered' },
      ...receiptsAbove(null),
    },
    sent: { arrived_before: { to: 'delivered' }, receipt_overdue: { to: 'sent' }, receipt_retry: { to: 'retry_wait' }, ...receiptsAbove('sent') },
    failed: receiptsAbove('failed'),
    undelivered: receiptsAbove('undelivered'),
    delivered: receiptsAbove('delivered'),
    read: {},
    // Withheld after a look that found nothing; a receipt proves that the list was late.
    suppressed: receiptsAbove(null),
    unknown: { found: { to: 'sent' }, refused: { to: 'failed' }, ...receiptsAbove(null) },
  },
});

/** The event of a receipt; Twilio's states before "sent" say nothing new. */
export const receiptEvent = (status: ReceiptStatus): DeliveryEvent | null => (status === 'queued' ? null : `receipt_${status}`);

const WAY: readonly DeliveryState[] = ['unknown', 'failed', 'suppressed', 'undelivered', 'pending', 'retry_wait', 'sending', 'sent', 'delivered', 'read'];

/** What to show for a message of several parts: the part that is worst off. */
export function worstOf(states: readonly DeliveryState[]): DeliveryState {
  return states.reduce((worst, state) => (WAY.indexOf(state) < WAY.indexOf(worst) ? state : worst), 'read');
}
