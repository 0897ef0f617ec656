import type { Message } from '../conversations/conversations.types.js';

/** Where the person is writing from now. */
export interface Place {
  channel: string;
  address: string | null;
}

/**
 * What somebody may be shown who has not shown who they are: what was said at just this address. Notes are made for
 * colleagues and may tell of other channels, so none of them either.
 */
export const saidAt = (messages: readonly Message[], { channel, address }: Place): Message[] =>
  messages.filter((message) => message.direction !== 'internal' && message.channel === channel && message.address !== null && message.address === address);
