import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { ConversationsService } from '../conversations/conversations.service.js';
import { sayable, storable } from '@throughline/llm/guardrails.js';
import type { Tool, ToolContext, ToolResult } from './tools.types.js';

const DEFAULT_LINE = 'I am bringing in a colleague who will get back to you here.';

const handOffArguments = z.object({
  reason: z.string().min(1).max(500).describe('Why people are needed, for the staff, in one sentence.'),
  message: z.string().max(1_000).optional().describe('What to tell the customer now, in their language: one or two short sentences.'),
});

/** Gives the conversation to people, with the last words of the assistant. */
@Injectable()
export class HandOffTool implements Tool<typeof handOffArguments> {
  readonly name = 'hand_off';
  readonly description = 'Hand the conversation to a member of staff. Ends your part: you will not be asked to say more.';
  readonly arguments = handOffArguments;
  readonly timeoutMs = 10_000;
  readonly hasEffect = true;

  constructor(private readonly conversations: ConversationsService) {}

  async run({ turn, words, aloud }: ToolContext, args: z.infer<typeof handOffArguments>): Promise<ToolResult> {
    const line = sayable(args.message ?? '');
    // What the model said beside the call has been heard on the phone by now.
    await aloud?.say(line || (words ? '' : DEFAULT_LINE));
    const outcome = await this.conversations.handOff(turn.tenantId, {
      conversationSid: turn.conversationSid,
      turnId: turn.id,
      epoch: turn.epoch,
      reason: storable(args.reason),
      closingLine: aloud ? '' : line || words || DEFAULT_LINE,
      isUnproved: aloud && !aloud.call.proved,
    });
    const done = outcome.outcome === 'said' || outcome.why === 'already_said';
    return { outcome: 'ended', by: done ? 'handed_off' : 'stale' };
  }
}
