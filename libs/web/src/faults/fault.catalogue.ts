import type { Fault, FaultMatch, FaultOrder } from '../live/simulator.types.js';

export interface FaultCard {
  /** Without `match` and `times`: the page adds them. */
  order: FaultOrder;
  title: string;
  why: string;
  /** What the hub is expected to make of it. */
  expect: string;
}

export const restCards: FaultCard[] = [
  { order: { kind: '429', retryAfterS: 2 }, title: 'Too many requests', why: 'Twilio answers 429 and asks to wait 2 s.', expect: 'Waits, then sends exactly once.' },
  { order: { kind: '500-before' }, title: 'Twilio fails, nothing done', why: 'Answer 500 before anything happened.', expect: 'Looks whether it was sent, then tries again.' },
  { order: { kind: '500-after' }, title: 'Twilio fails after sending', why: 'The text goes out, the answer is 500 all the same.', expect: 'Finds the text sent, does not double it.' },
  { order: { kind: 'drop-answer' }, title: 'Answer lost after the effect', why: 'The text goes out, then the connection is cut.', expect: 'Finds the text sent, does not double it.' },
  { order: { kind: 'hang', hangMs: 20_000 }, title: 'Twilio hangs', why: 'The text goes out, no answer for 20 s.', expect: 'Gives up waiting, looks it up.' },
];

export const hookCards: FaultCard[] = [
  { order: { kind: 'webhook-duplicate', copies: 2 }, title: 'Webhook twice', why: 'The same webhook comes two times at once.', expect: 'One message, one turn, one reply.' },
  { order: { kind: 'webhook-late', delayMs: 5_000 }, title: 'Webhook late', why: 'It comes 5 s later than it should.', expect: 'Receipts never walk backwards.' },
  { order: { kind: 'webhook-reordered', hold: 2 }, title: 'Webhooks in wrong order', why: 'The next two are collected and sent in reverse.', expect: 'The thread still reads in order.' },
  { order: { kind: 'webhook-lost' }, title: 'Webhook lost', why: 'It is never sent.', expect: 'A lost text is fetched within minutes; a lost receipt is asked for.' },
  { order: { kind: 'webhook-wrong-signature' }, title: 'Wrong signature', why: 'Signed with another token, as by a stranger.', expect: 'Refused with 403, nothing kept.' },
  { order: { kind: 'webhook-unsigned' }, title: 'No signature', why: 'Sent without X-Twilio-Signature.', expect: 'Refused with 403, nothing kept.' },
];

const cards = new Map([...restCards, ...hookCards].map((card) => [card.order.kind, card]));

export const faultTitle = (fault: Fault): string => cards.get(fault.kind)?.title ?? fault.kind;

export interface Target {
  value: string;
  label: string;
  match?: FaultMatch;
}

export const restTargets: Target[] = [
  { value: 'send', label: 'sending a text', match: { method: 'POST', path: '/Messages\\.json$' } },
  { value: 'conversations', label: 'Conversations calls', match: { path: '/Conversations' } },
  { value: 'any', label: 'any call' },
];

export const hookTargets: Target[] = [
  { value: 'messaging', label: 'an incoming text', match: { event: 'messaging' } },
  { value: 'voice', label: 'a phone call', match: { event: 'voice' } },
  { value: 'relay', label: 'a phone call’s socket', match: { event: 'relay' } },
  { value: 'status', label: 'a receipt', match: { event: 'status' } },
  { value: 'onMessageAdded', label: 'a Conversations message', match: { event: 'onMessageAdded' } },
  { value: 'any', label: 'any webhook' },
];

export function matchWords({ match }: Fault): string {
  if (!match) return 'any call';
  const known = [...restTargets, ...hookTargets].find((target) => JSON.stringify(target.match) === JSON.stringify(match));
  return known?.label ?? Object.values(match).join(' ');
}

export function timesWords({ times = 1, hits }: Fault): string {
  return times === 0 ? `until removed, hit ${hits}×` : `${times - hits} more time${times - hits === 1 ? '' : 's'}`;
}
