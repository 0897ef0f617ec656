import type { Message } from '../conversations/conversations.types.js';
import type { Copy, Counts, Needle } from './privacy.types.js';

/** Shorter words say nothing about anybody: "Thanks!" is everywhere. */
const TELLING_WORDS = 12;
/** The search reads every row for each of them. */
const MOST_BODIES = 500;

/** Where a person has left something, before it is blanked. */
export interface Traces {
  /** Of the contact that others were merged into, or of the only one. */
  conversationSid: string | null;
  /** How Twilio calls the Conversations, with or without a sid that we know. */
  conversationNames: string[];
  displayNames: string[];
  addresses: { channel: string; address: string; identity: string }[];
  messages: Pick<Message, 'body' | 'details' | 'channel' | 'direction' | 'providerSid'>[];
}

/** What a message says, also beside its body. */
const wordsOf = ({ body, details }: Traces['messages'][number]): string[] => [body, ...(details?.words ?? []), details?.username ?? ''].map((words) => words.trim());

/** What has to be removed at Twilio, and what must not be found at the end. What we sent ourselves is added when nothing is sent any more. */
export function plan(traces: Traces): { needles: Needle[]; copies: Omit<Copy, 'id'>[] } {
  const { conversationNames, displayNames, addresses, messages } = traces;
  const bodies = messages.flatMap(wordsOf).filter((body) => body.length >= TELLING_WORDS);
  const words = [...new Set([...displayNames.filter((name) => name.length > 2), ...bodies.slice(-MOST_BODIES)])];
  return {
    needles: [
      ...addresses.map(({ channel, address }): Needle => ({ kind: 'address', channel, needle: address })),
      ...words.map((needle): Needle => ({ kind: 'words', channel: null, needle })),
    ],
    copies: [
      ...conversationNames.map((sid) => ({ kind: 'conversation' as const, channel: null, sid })),
      ...(messages.length > 0 ? addresses.map(({ channel, identity }) => ({ kind: 'user' as const, channel, sid: identity })) : []),
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
