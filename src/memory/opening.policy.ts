import type { Trust } from '../contacts/contacts.types.js';
import type { Message } from '../conversations/conversations.types.js';

/** Where the person is writing from now. */
export interface Place {
  channel: string;
  address: string | null;
}

/**
 * How sure it is who asks what stands open: not of somebody who writes by a mail that anybody may have sent, whatever was proved of
 * that address before. What programs write asks nothing; where it is known who asks, it has to be proved to be seen (`vouchedFor`).
 */
export function trustOfQuestion(trust: Trust, isKnown: boolean, messages: readonly Message[]): Trust {
  const answered = messages.findLastIndex(({ direction }) => direction === 'outbound');
  return isKnown && messages.slice(answered + 1).some(({ details }) => details?.email && !details.email.proved && !details.email.automatic) ? 'claimed' : trust;
}

/**
 * What may be read as if the person themselves had brought it about: without what says that it comes from a program and may come from
 * anybody. It is marked for colleagues, and stands beside a question of somebody whose memory is open, so it must not speak there.
 */
export const vouchedFor = (messages: readonly Message[]): Message[] =>
  messages.filter(({ details }) => !details?.email?.automatic || details.email.proved);

/**
 * What somebody may be shown who has not shown who they are: what was said at just this address. Notes are made for
 * colleagues and may tell of other channels, so none of them either.
 */
export const saidAt = (messages: readonly Message[], { channel, address }: Place): Message[] =>
  messages.filter((message) => message.direction !== 'internal' && message.channel === channel && message.address !== null && message.address === address);
