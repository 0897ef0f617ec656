import { Injectable } from '@nestjs/common';
import { oneLine } from '@throughline/kernel/words.js';
import { sayable, storable } from '@throughline/llm/guardrails.js';
import { z } from 'zod';
import { ConversationsService } from '../conversations/conversations.service.js';
import type { Message } from '../conversations/conversations.types.js';
import type { Tenant } from '../tenancy/tenancy.types.js';
import { TransferService } from '../transfer/transfer.service.js';
import type { Tool, ToolContext, ToolResult } from './tools.types.js';
import { wishIn } from './wish.policy.js';

const DEFAULT_LINE = 'I am putting you through to a colleague. Please stay on the line.';

const transferArguments = z.object({
  reason: z.string().trim().min(1).max(300).describe('Why the caller wants a person, in one sentence. The specialist hears it.'),
  message: z.string().max(500).optional().describe('What to tell the caller now, in their language: one short sentence.'),
});

/** Puts the caller through to one of the tenant's specialists. */
@Injectable()
export class TransferTool implements Tool<typeof transferArguments> {
  readonly name = 'transfer_to_specialist';
  readonly description = 'Put the caller through to a person on the phone, now. Use it when they ask for somebody, or need somebody.';
  readonly arguments = transferArguments;
  readonly timeoutMs = 10_000;
  readonly hasEffect = true;
  readonly onlySpoken = true;

  constructor(private readonly transfers: TransferService) {}

  readonly wishIn = (tenant: Tenant, message: Message): z.infer<typeof transferArguments> | null =>
    (wishIn(tenant.settings.transfer, message) ? { reason: 'The caller asks for a person.' } : null);

  async run({ turn, tenant, words, aloud }: ToolContext, { reason, message = '' }: z.infer<typeof transferArguments>): Promise<ToolResult> {
    if (!aloud) return { outcome: 'refused', report: 'Nobody is on the phone here.' };
    const asked = { callSid: aloud.call.sid, conversationSid: turn.conversationSid, reason: oneLine(storable(sayable(reason))), isProved: aloud.call.proved };
    if (!(await this.transfers.request(tenant, asked))) {
      return { outcome: 'refused', report: 'Nobody can be called now. Offer to take a message for the team.' };
    }
    if (tenant.settings.transfer.style === 'stay') {
      return { outcome: 'done', report: 'Somebody is being called. Tell the caller so in one sentence, and stay with them; they are put through as soon as somebody accepts.' };
    }
    await aloud.say(sayable(message) || (words ? '' : DEFAULT_LINE));
    return { outcome: 'ended', by: 'transferred' };
  }
}

const messageArguments = z.object({
  message: z.string().trim().min(1).max(1_000).describe('What the team is to know and to do, and how and when the caller can be reached, if they said so.'),
});

/** Writes down what the caller wants the team to know. */
@Injectable()
export class TakeMessageTool implements Tool<typeof messageArguments> {
  readonly name = 'take_message';
  readonly description = 'Leave a message of the caller for the team, as a task in the thread. Use it when nobody can be reached, once you know what it is about.';
  readonly arguments = messageArguments;
  readonly timeoutMs = 5_000;
  readonly hasEffect = true;
  readonly onlySpoken = true;

  constructor(private readonly conversations: ConversationsService) {}

  async run({ turn, aloud }: ToolContext, { message }: z.infer<typeof messageArguments>): Promise<ToolResult> {
    await this.conversations.aloud.leaveNote(turn.tenantId, turn.conversationSid, `Task for the team, from a phone call: ${oneLine(storable(message))}`, !aloud?.call.proved);
    return { outcome: 'done', report: 'The message is noted for the team. Tell the caller so.' };
  }
}
