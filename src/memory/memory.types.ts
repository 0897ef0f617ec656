import type { Message } from '../conversations/conversations.types.js';

/** What of the recent messages goes into a prompt, in tokens. The summary stands for what is older. */
export const RECALL_BUDGET_TOKENS = 3_000;

/** Something worth knowing about a person for longer than a conversation, and where it was learned. */
export interface Fact {
  id: string;
  conversationSid: string;
  statement: string;
  sourceMessageId: string | null;
  createdAt: Date;
}

export interface NewFact {
  contactId: string;
  conversationSid: string;
  statement: string;
  /** The newest message that was known when this was learned. */
  sourceMessageId: string | null;
}

/** What the rolling summary says, and how far it reaches. */
export interface Summary {
  upToSeq: number;
  summary: string;
}

/** All that is known when a reply is thought of. */
export interface Recall {
  summary: string | null;
  /** Oldest first. */
  facts: Fact[];
  /** The recent messages of all channels, oldest first, marks of human stretches in their places. */
  turns: Message[];
  /** Messages before this seq are not among `turns`; null when all of them are. */
  omittedBefore: number | null;
  /** Some of those are not in the summary either: ask for `memory.summarise`. */
  summaryDue: boolean;
}
