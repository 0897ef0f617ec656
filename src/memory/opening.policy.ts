import type { Trust } from '../contacts/contacts.types.js';
import type { Message } from '../conversations/conversations.types.js';

/** Where the person is writing from now, or in which call they speak. */
export interface Place {
  channel: string;
  address: string | null;
  callSid?: string | undefined;
}

/** Said in a call from a number that anybody may have shown, or in a mail that anybody may have sent; or a note that quotes such words. */
const isFromAnybody = ({ details }: Message): boolean => details?.call?.proved === false || details?.email?.proved === false || details?.hearsay === true;

/**
 * How sure it is who asks what stands open: not of somebody who writes by a mail that anybody may have sent, whatever was proved of
 * that address before. What programs write asks nothing; where it is known who asks, it has to be proved to be seen (`vouchedFor`).
 */
export function trustOfQuestion(trust: Trust, isKnown: boolean, messages: readonly Message[]): Trust {
  const answered = messages.findLastIndex(({ direction }) => direction === 'outbound');
  return isKnown && messages.slice(answered + 1).some(isUnproved) ? 'claimed' : trust;
}

/** What a program wrote asks nothing. */
const isUnproved = (message: Message): boolean => isFromAnybody(message) && message.direction === 'inbound' && !message.details?.email?.automatic;

/**
 * What may be read as if the person themselves had brought it about: without mails that anybody may have sent, and without calls from
 * anybody's phone. It is marked for colleagues, and stands beside a question of somebody whose memory is open, so it must not speak there.
 */
export const vouchedFor = (messages: readonly Message[]): Message[] => messages.filter((message) => !isFromAnybody(message));

/** What a summary may be made of: it is read as if the person had said all of it. A mail's subject and files are its sender's word too. */
export const withoutAnybodys = (message: Message): Message =>
  (isFromAnybody(message) ? { ...message, body: NOT_THEIRS, media: [], details: null } : message);

const NOT_THEIRS = '[said in a phone call or a mail whose sender was not proved; left out]';

/**
 * What somebody may be shown who has not shown who they are: what was said at just this address, or in just this call. Notes are made for
 * colleagues and may tell of other channels, so none of them either.
 */
export const saidAt = (messages: readonly Message[], { channel, address, callSid }: Place): Message[] =>
  messages.filter((message) => message.direction !== 'internal' && message.channel === channel && message.address !== null && message.address === address
    && (callSid === undefined || message.details?.call?.sid === callSid));
