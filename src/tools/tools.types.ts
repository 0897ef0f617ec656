import type { z } from 'zod';
import type { Aloud, Button, Conversation, Message } from '../conversations/conversations.types.js';
import type { Tenant } from '../tenancy/tenancy.types.js';

/** The turn in which a tool is asked for. */
export interface AskingTurn {
  id: string;
  tenantId: string;
  conversationSid: string;
  upToSeq: number;
  epoch: number;
}

/** Where a tool works. All of it comes from the turn, none of it from the model. */
export interface ToolContext {
  turn: AskingTurn;
  tenant: Tenant;
  conversation: Conversation;
  /** Whether the person has shown who they are; whoever only says so is given nothing that is theirs. */
  isKnown: boolean;
  /** The newest message the assistant has seen. */
  newestMessageId: string | null;
  /** What the model said beside the call, ready to be said to the customer. */
  words: string;
  /** The call, where the turn is one of a phone call. `say` says a line into it. */
  aloud?: (Aloud & { say: (line: string) => Promise<void> }) | undefined;
  /** False once the turn is no longer wanted. */
  goesOn(): Promise<boolean>;
}

/** `transferred`: the caller waits for a specialist from here on. */
export type Ended = 'handed_off' | 'withdrawn' | 'transferred' | 'stale';

export type ToolResult =
  /** Told to the model. */
  | { outcome: 'done'; report: string }
  /** Not allowed, not possible, not understood: told to the model. */
  | { outcome: 'refused'; report: string }
  /** This is said, and the turn is over. */
  | { outcome: 'reply'; body: string; buttons: Button[] }
  /** Nothing more is to be said by this turn. */
  | { outcome: 'ended'; by: Ended };

export interface Tool<S extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly description: string;
  readonly arguments: S;
  readonly timeoutMs: number;
  /** Whether it changes anything outside the turn: asked first whether the turn is still wanted. */
  readonly hasEffect: boolean;
  /** Only for somebody who has shown who they are: it reads or changes what is known of them. */
  readonly needsKnown?: boolean;
  /** It makes no sense in a phone call. */
  readonly onlyWritten?: boolean;
  /** It makes no sense but in a phone call. */
  readonly onlySpoken?: boolean;
  /** What to give it, where the newest message asks for just that and nothing needs to be thought about. */
  wishIn?(tenant: Tenant, message: Message): z.infer<S> | null | Promise<z.infer<S> | null>;
  run(context: ToolContext, args: z.infer<S>): Promise<ToolResult>;
}
