import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { MemoryService } from '../../memory/memory.service.js';
import { storable } from '../guardrails.js';
import type { Tool, ToolContext, ToolResult } from './tool.types.js';

const rememberArguments = z.object({
  fact: z.string().trim().min(3).max(300).describe('One statement about the customer, understandable on its own.'),
});

/** Keeps a fact about the person this conversation is with. */
@Injectable()
export class RememberTool implements Tool<typeof rememberArguments> {
  readonly name = 'remember';
  readonly description = 'Keep one lasting fact about this customer, such as a name or a preference, for later conversations.';
  readonly arguments = rememberArguments;
  readonly timeoutMs = 5_000;
  readonly hasEffect = true;

  constructor(private readonly memory: MemoryService) {}

  async run(context: ToolContext, { fact }: z.infer<typeof rememberArguments>): Promise<ToolResult> {
    const statement = storable(fact).trim();
    if (!statement) return { outcome: 'refused', report: 'There is nothing readable in this fact.' };
    const { conversationSid, contactId } = context.conversation;
    const isNew = await this.memory.remember(context.turn.tenantId, {
      contactId, conversationSid, statement, sourceMessageId: context.newestMessageId,
    });
    return { outcome: 'done', report: isNew ? 'Remembered.' : 'This was known already.' };
  }
}
