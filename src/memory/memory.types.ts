import { localDay } from '@throughline/kernel/words.js';
import type { Trust } from '../contacts/contacts.types.js';
import { type Channel, channelNames, type Message } from '../conversations/conversations.types.js';

/** What of the recent messages and the facts goes into a prompt, in tokens. The summary stands for what is older. */
export const RECALL_BUDGET_TOKENS = 3_000;

/**
 * How carefully a fact is to be handled.
 * - `ordinary`: hurts nobody, such as a preferred time of day or a language. Used wherever the person writes.
 * - `personal`: about this person's life, such as name, family or address. Used where the address proves who writes.
 * - `special`: health, belief, origin, politics, sexual life, biometrics (GDPR article 9). As personal, and only shown to the
 *   model when the question is about it.
 */
export const sensitivities = ['ordinary', 'personal', 'special'] as const;
export type Sensitivity = (typeof sensitivities)[number];

/** Something worth knowing about a person for longer than a conversation, and where it was learned. */
export interface Fact {
  id: string;
  conversationSid: string;
  /** Empty once it was forgotten. */
  statement: string;
  sourceMessageId: string | null;
  /** Where the person said it; null for facts from before this was noted. */
  channel: Channel | null;
  /** 0 (a guess) to 1 (the person said exactly this). */
  confidence: number;
  sensitivity: Sensitivity;
  supersededAt: Date | null;
  /** The fact that holds instead. */
  supersededBy: string | null;
  forgottenAt: Date | null;
  createdAt: Date;
}

export interface NewFact {
  contactId: string;
  conversationSid: string;
  statement: string;
  /** The newest message that was known when this was learned. */
  sourceMessageId: string | null;
  channel?: Channel | null;
  confidence?: number;
  sensitivity?: Sensitivity;
  /** Short name of the fact that this one replaces. */
  replaces?: string | undefined;
  /** The turn that learned it. */
  turnId?: string;
}

/** `withheld`: it was learned from words that the person wants forgotten. `no_such_fact`: there is none to replace. */
export type RememberOutcome = 'remembered' | 'known' | 'withheld' | 'no_such_fact';

/** How a fact is called in prompts and by tools: the end of its id, which is random. Unique enough for the facts of one person. */
export const refOf = ({ id }: Pick<Fact, 'id'>): string => id.slice(-6);

/** Below this a fact is shown as a guess. */
const SURE = 0.5;

/** Behind a fact: what tools call it, when and where it was learned, and whether it is doubtful. `[0a1b2c; 5 January 2026, SMS]` */
export function factMark(fact: Fact, timeZone: string): string {
  const day = localDay(fact.createdAt, timeZone);
  return `[${refOf(fact)}; ${day}${fact.channel ? `, ${channelNames[fact.channel]}` : ''}${fact.confidence < SURE ? ', not certain' : ''}]`;
}

/** Who wants what forgotten. */
export interface Forgetting {
  contactId: string;
  /** Ids of facts, or everything that is known of the person. */
  facts: string[] | 'everything';
  cause: string;
  /** The turn in which the person asked for it; its words are not remembered either. */
  turnId: string | null;
}

/** What the rolling summary says, and how far it reaches. */
export interface Summary {
  upToSeq: number;
  /** Empty when it has to be made anew. */
  summary: string;
  /** Grows when something is forgotten. */
  generation: number;
  /** Messages up to this seq are forgotten. */
  forgottenUpTo: number;
}

/** All that is known when a reply is thought of. */
export interface Recall {
  /** How sure it is who writes now. */
  trust: Trust;
  /** Whether they have shown who they are. If not there are no facts and no summary, and only the turns of their address. */
  isKnown: boolean;
  summary: string | null;
  /** Oldest first. */
  facts: Fact[];
  /** The recent messages of all channels that they may see, oldest first, marks of human stretches in their places. */
  turns: Message[];
  /** Messages before this seq are not among `turns`; null when all of them are. */
  omittedBefore: number | null;
  /** Some of those are not in the summary either: ask for `memory.summarise`. */
  summaryDue: boolean;
}

/** What a person may be told about what is known of them. */
export interface Known {
  /** Oldest first. */
  facts: Fact[];
  /** Facts that are not told here, because the address proves too little. */
  untold: number;
  summary: string | null;
}
