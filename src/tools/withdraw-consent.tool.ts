import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { ConversationsService } from '../conversations/conversations.service.js';
import { sayable } from '@throughline/llm/guardrails.js';
import type { Tool, ToolContext, ToolResult } from './tools.types.js';

const WITHDRAWN_HERE = 'Understood. You will get no more messages from us here. Write START to get them again.';
const WITHDRAWN_EVERYWHERE = 'Understood. You will get no more messages from us on any channel. Write START where you want them again.';

const withdrawArguments = z.object({
  everywhere: z.boolean().describe('true when they want no messages on any channel at all; false when they mean this one.'),
  message: z.string().max(300).optional().describe('One confirming sentence in their language that says how to come back: by writing START. Nothing else.'),
});

/** Ends all messages to this person, because they asked for that in words of their own. */
@Injectable()
export class WithdrawConsentTool implements Tool<typeof withdrawArguments> {
  readonly name = 'withdraw_consent';
  readonly description =
    'The customer clearly wants to get no more messages from the business. Ends them, confirms once, and ends your part. ' +
    'Not for a wish to be written to at another time, place or subject, nor for cancelling anything else.';
  readonly arguments = withdrawArguments;
  readonly timeoutMs = 10_000;
  readonly hasEffect = true;
  readonly onlyWritten = true;

  constructor(private readonly conversations: ConversationsService) {}

  async run({ turn, isKnown }: ToolContext, { everywhere: asked, message }: z.infer<typeof withdrawArguments>): Promise<ToolResult> {
    // Nobody silences the phone of somebody else by claiming its number.
    const everywhere = asked && isKnown;
    const own = sayable(message ?? '');
    const line = /\bSTART\b/.test(own) && everywhere === asked ? own : everywhere ? WITHDRAWN_EVERYWHERE : WITHDRAWN_HERE;
    const outcome = await this.conversations.withdraw(turn.tenantId, {
      conversationSid: turn.conversationSid, turnId: turn.id, epoch: turn.epoch, upToSeq: turn.upToSeq, body: line, everywhere,
    });
    const done = outcome.outcome === 'said' || outcome.why === 'already_said';
    return { outcome: 'ended', by: done ? 'withdrawn' : 'stale' };
  }
}
