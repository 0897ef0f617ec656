import type { Message } from '../conversations/conversations.types.js';

/** A mail of a hundred pages must not push everything else out of the prompt. */
export const LONGEST_BODY = 8_000;
/** The parts that are kept of a longer body: people begin with what they want and end with what they ask. */
const HEAD = 6_000;
const TAIL = 1_500;

export type TokenCount = (text: string) => number;

/** Roles, separators and names around each message. */
const TOKENS_AROUND = 6;

/** The same message with a body that fits into a prompt. What is left out is said in its place. */
export function shortened(message: Message): Message {
  const { body } = message;
  if (body.length <= LONGEST_BODY) return message;
  const left = body.length - HEAD - TAIL;
  return { ...message, body: `${body.slice(0, HEAD)}\n[… ${left} characters left out …]\n${body.slice(-TAIL)}` };
}

/**
 * The newest messages that fit into the budget, oldest first and without a gap: a mark such as "Dana handed
 * back" stays where it stands. Everything since the customer's newest message is in it whatever it costs,
 * because that is what is to be answered.
 */
export function recentWithin(messages: readonly Message[], budgetTokens: number, tokensOf: TokenCount): Message[] {
  const newestInbound = messages.findLastIndex((message) => message.direction === 'inbound');
  const due = newestInbound === -1 ? messages.length - 1 : newestInbound;
  let left = budgetTokens;
  let start = messages.length;
  while (start > 0) {
    left -= tokensOf(messages[start - 1]!.body) + TOKENS_AROUND;
    if (left < 0 && start <= due) break;
    start -= 1;
  }
  return messages.slice(start);
}

/** As many of the oldest messages as fit, one at least: what is folded into the summary in one go. */
export function oldestWithin(messages: readonly Message[], budgetTokens: number, tokensOf: TokenCount): Message[] {
  let left = budgetTokens;
  const end = messages.findIndex((message, index) => {
    left -= tokensOf(message.body) + TOKENS_AROUND;
    return left < 0 && index > 0;
  });
  return end === -1 ? [...messages] : messages.slice(0, end);
}

/** Everything before this seq is missing from `turns`. Seqs count from 1. */
export function omittedBefore(turns: readonly Message[]): number | null {
  const first = turns[0]?.seq ?? 1;
  return first > 1 ? first : null;
}
