import type { ModelMessage, ModelUsage, ToolSpec } from '@throughline/llm/model.types.js';
import type { Aloud, Button, Conversation } from '../conversations/conversations.types.js';
import type { Recall } from '../memory/memory.types.js';
import type { Tenant } from '../tenancy/tenancy.types.js';

/** How a turn ended. `superseded`: somebody else, or a later turn, answers instead. */
export type TurnEnding = 'said' | 'superseded' | 'handed_off' | 'failed';

/** One answer being thought of: to everything up to a message, within one stretch of ownership. */
export interface Turn {
  id: string;
  tenantId: string;
  conversationSid: string;
  upToSeq: number;
  epoch: number;
  /** 1, and one more each time a process died over it. */
  attempt: number;
}

export type Claim =
  | { outcome: 'claimed'; turn: Turn }
  /** Another process has it, until then at least. */
  | { outcome: 'taken'; until: Date }
  | { outcome: 'over' };

/** What came of thinking. */
export type Thought =
  | { kind: 'reply'; body: string; buttons?: Button[] }
  /** A tool has given the conversation to people; everything is said. */
  | { kind: 'handed_off' }
  /** A tool has ended all messages to the person, and confirmed it. */
  | { kind: 'withdrawn' }
  /** A tool has put the caller through to a specialist. */
  | { kind: 'transferred' }
  /** This turn's words are in the thread already: an earlier attempt died after saying them. */
  | { kind: 'said_before' }
  | { kind: 'stale' }
  /** The assistant was switched off since: people answer. */
  | { kind: 'switched_off' }
  | { kind: 'failed'; code: string };

/** A question of a caller to a model that hears and speaks by itself. */
export interface Posed {
  conversationSid: string;
  /** As it was when the question was heard, where that is known. Whether it still is so is asked before the first sound. */
  conversation?: Conversation | undefined;
  aloud: Aloud;
  /** Ends the turn at once. Its reason `line_lost`: the question stays open. */
  signal: AbortSignal;
  /** Says a line of the house's own into the call. */
  say: (line: string) => Promise<void>;
}

/** A turn that is being thought of, and what it is about. */
export interface Claimed {
  turn: Turn;
  conversation: Conversation;
  tenant: Tenant;
  recall: Promise<Recall>;
}

/** What a model is told that hears and speaks by itself. */
export interface Brief {
  instructions: string;
  /** What was said and written so far, oldest first. */
  history: ModelMessage[];
  tools: readonly ToolSpec[];
  /** The thread is in it up to here. */
  upToSeq: number;
}

export interface Reply {
  thought: Thought;
  usage: ModelUsage;
  /** The memory has messages that neither a prompt nor the summary holds. */
  summaryDue: boolean;
}

/**
 * What came of a question asked on the phone. `over`: there is nothing to answer; `not_ours`: people have the word; `broken_off`: the caller spoke, or a newer message came.
 */
export type Answered = 'said' | 'handed_off' | 'transferred' | 'failed' | 'broken_off' | 'over' | 'not_ours';
