import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { MemoryService } from '../memory/memory.service.js';
import { type Fact, factMark, refOf, type RememberOutcome, sensitivities } from '../memory/memory.types.js';
import { storable } from '@throughline/llm/guardrails.js';
import { oneLine } from '@throughline/kernel/words.js';
import type { Tool, ToolContext, ToolResult } from './tools.types.js';

const ref = z.string().regex(/^[0-9a-f]{6}$/).describe('The six signs at the beginning of the brackets behind a fact.');

const rememberArguments = z.object({
  fact: z.string().trim().min(3).max(300).describe('One statement about the customer, understandable on its own.'),
  sensitivity: z.enum(sensitivities).optional().describe('ordinary: harmless, such as a preferred time; personal: name, family, address; special: health, belief, origin, sexual life.'),
  confidence: z.number().min(0).max(1).optional().describe('1 when the customer said exactly this, less when you conclude it.'),
  replaces: ref.optional(),
});

const SAID: Record<RememberOutcome, ToolResult> = {
  remembered: { outcome: 'done', report: 'Remembered.' },
  known: { outcome: 'done', report: 'This was known already.' },
  withheld: { outcome: 'refused', report: 'The customer wants this forgotten. Nothing was kept.' },
  no_such_fact: { outcome: 'refused', report: 'There is no such fact to replace. Look at what is known, and try again.' },
};

/** Keeps a fact about the person this conversation is with. */
@Injectable()
export class RememberTool implements Tool<typeof rememberArguments> {
  readonly name = 'remember';
  readonly description = 'Keep one lasting fact about this customer, such as a name or a preference, for later conversations.';
  readonly arguments = rememberArguments;
  readonly timeoutMs = 5_000;
  readonly hasEffect = true;
  readonly needsKnown = true;

  constructor(private readonly memory: MemoryService) {}

  async run({ turn, conversation, newestMessageId }: ToolContext, { fact, ...rest }: z.infer<typeof rememberArguments>): Promise<ToolResult> {
    const statement = storable(fact).trim();
    if (!statement) return { outcome: 'refused', report: 'There is nothing readable in this fact.' };
    const { conversationSid, contactId, replyChannel: channel } = conversation;
    const { sensitivity, confidence, replaces } = rest;
    return SAID[await this.memory.remember(turn.tenantId, {
      contactId, conversationSid, statement, sourceMessageId: newestMessageId, channel, turnId: turn.id, replaces,
      ...(sensitivity ? { sensitivity } : {}), ...(confidence === undefined ? {} : { confidence }),
    })];
  }
}

const noArguments = z.object({});

/** Reads out of the rows what is known of the person this conversation is with. */
@Injectable()
export class KnownFactsTool implements Tool<typeof noArguments> {
  readonly name = 'known_facts';
  readonly description =
    'Everything that is kept about this customer. Use it whenever they ask what you know about them, and before forgetting. Tell them all of it, and nothing else.';
  readonly arguments = noArguments;
  readonly timeoutMs = 5_000;
  readonly hasEffect = false;
  readonly needsKnown = true;

  constructor(private readonly memory: MemoryService) {}

  async run({ turn, tenant, conversation }: ToolContext): Promise<ToolResult> {
    const { facts, untold, summary } = await this.memory.known(turn.tenantId, conversation);
    const { timeZone } = tenant.settings;
    const lines = [
      facts.length > 0 ? `Known facts:\n${facts.map((fact) => line(fact, timeZone)).join('\n')}` : 'No facts are kept about this customer.',
      ...(untold > 0 ? [`${untold} more, not told here: this channel does not prove who is writing.`] : []),
      ...(summary ? [`Summary of older messages: ${oneLine(summary)}`] : []),
    ];
    return { outcome: 'done', report: lines.join('\n') };
  }
}

const line = (fact: Fact, timeZone: string): string => `- ${fact.statement} ${factMark(fact, timeZone)}`;

const forgetArguments = z
  .object({
    facts: z.array(z.string().trim().toLowerCase().pipe(ref)).min(1).max(50).optional().describe('Which ones, by their six signs.'),
    everything: z.boolean().optional().describe('true: all facts, and what was said before now. Only when the customer asks for just that.'),
  })
  .refine(({ facts, everything }) => (facts !== undefined) !== (everything === true), 'name facts, or everything');

/** Forgets for good what the person this conversation is with wants forgotten. */
@Injectable()
export class ForgetTool implements Tool<typeof forgetArguments> {
  readonly name = 'forget';
  readonly description = 'Forget facts about this customer for good, because they ask for it. Confirm it without repeating what it was.';
  readonly arguments = forgetArguments;
  readonly timeoutMs = 10_000;
  readonly hasEffect = true;
  readonly needsKnown = true;

  constructor(private readonly memory: MemoryService) {}

  async run({ turn, conversation }: ToolContext, { facts: refs }: z.infer<typeof forgetArguments>): Promise<ToolResult> {
    const { contactId } = conversation;
    const { facts, untold } = await this.memory.known(turn.tenantId, conversation);
    if (!refs && untold > 0) return { outcome: 'refused', report: 'This channel does not prove who is writing. Hand off: a colleague can make sure of it.' };
    const meant = refs ? facts.filter((fact) => refs.includes(refOf(fact))).map(({ id }) => id) : 'everything';
    if (meant.length === 0) return { outcome: 'done', report: 'None of these is known, or not any more. Nothing was forgotten.' };
    const forgotten = await this.memory.forget(turn.tenantId, { contactId, facts: meant, cause: 'the customer asked for it', turnId: turn.id });
    return { outcome: 'done', report: `Forgotten: ${forgotten}. The messages themselves stay in the thread; removing those as well is for a colleague.` };
  }
}
