import type { Message } from '../conversations/conversations.types.js';
import type { Copy, Counts, Needle } from './privacy.types.js';

/** Shorter words say nothing about anybody: "Thanks!" is everywhere. */
const TELLING_WORDS = 12;
/** The search reads every row for each of them. */
const MOST_BODIES = 500;

/** Where a person has left something, before it is blanked. */
export interface Traces {
  conversationSid: string | null;
  /** How Twilio calls the Conversation, with or without a sid that we know. */
  conversationName: string;
  displayName: string | null;
  addresses: { channel: string; address: string; identity: string }[];
  messages: Pick<Message, 'body' | 'details' | 'channel' | 'direction' | 'providerSid'>[];
}

/** What a message says, also beside its body. */
const wordsOf = ({ body, details }: Traces['messages'][number]): string[] => [body, ...(details?.words ?? []), details?.username ?? ''].map((words) => words.trim());

/** What has to be removed at Twilio, and what must not be found at the end. What we sent ourselves is added when nothing is sent any more. */
export function plan(traces: Traces): { needles: Needle[]; copies: Omit<Copy, 'id'>[] } {
  const { conversationSid, conversationName, displayName, addresses, messages } = traces;
  const bodies = messages.flatMap(wordsOf).filter((body) => body.length >= TELLING_WORDS);
  const words = [...new Set([...(displayName && displayName.length > 2 ? [displayName] : []), ...bodies.slice(-MOST_BODIES)])];
  return {
    needles: [
      ...addresses.map(({ channel, address }): Needle => ({ kind: 'address', channel, needle: address })),
      ...words.map((needle): Needle => ({ kind: 'words', channel: null, needle })),
    ],
    copies: [
      { kind: 'conversation', channel: null, sid: conversationName },
      ...(conversationSid ? addresses.map(({ channel, identity }) => ({ kind: 'user' as const, channel, sid: identity })) : []),
      ...messages.flatMap(({ direction, channel, providerSid }) =>
        (direction === 'inbound' && providerSid ? [{ kind: 'message' as const, channel, sid: providerSid }] : [])),
    ],
  };
}

/** The sums, store by store. */
export function added(before: Counts, more: Counts): Counts {
  const sums = { ...before };
  for (const [store, count] of Object.entries(more)) sums[store] = (sums[store] ?? 0) + count;
  return sums;
}
