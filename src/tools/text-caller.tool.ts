import { Injectable } from '@nestjs/common';
import { sayable } from '@throughline/llm/guardrails.js';
import { z } from 'zod';
import { ConversationsService } from '../conversations/conversations.service.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import type { Tool, ToolContext, ToolResult } from './tools.types.js';

const textArguments = z.object({
  message: z.string().trim().min(1).max(600).describe('The text, as they shall read it: what they need and the link or number, nothing else.'),
});

const refused = (why: string): ToolResult => ({ outcome: 'refused', report: `${why} Nothing was sent: do not say that it was.` });

/** Sends a text to the phone that somebody is calling from, while they are on it: a link cannot be said aloud. */
@Injectable()
export class TextCallerTool implements Tool<typeof textArguments> {
  readonly name = 'text_caller';
  readonly description = 'Send a text message to the phone the caller is on now: a link, an address, a number to keep. Once for each question. Say that you are sending it.';
  readonly arguments = textArguments;
  readonly timeoutMs = 5_000;
  readonly hasEffect = true;
  readonly onlySpoken = true;

  constructor(private readonly conversations: ConversationsService, private readonly tenancy: TenancyService) {}

  async run({ turn, aloud }: ToolContext, args: z.infer<typeof textArguments>): Promise<ToolResult> {
    if (!aloud) return refused('They are not on the phone.');
    if (!aloud.call.proved) return refused('It is not sure that this number is theirs.');
    const { tenantId, conversationSid, epoch, id: turnId } = turn;
    const { address, sender } = aloud;
    if (!(await this.tenancy.sender(tenantId, 'sms', sender))) return refused('This number of ours sends no texts.');
    const body = sayable(args.message);
    if (!body) return refused('There is nothing in it.');
    const why = await this.conversations.aloud.textDuring(tenantId, { conversationSid, epoch, turnId, body, address, sender });
    return why ? refused(`${why}.`) : { outcome: 'done', report: 'The text is on its way.' };
  }
}
