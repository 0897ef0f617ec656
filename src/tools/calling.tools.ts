import { Injectable } from '@nestjs/common';
import { Clock } from '@throughline/kernel/clock.js';
import { describe, HubError } from '@throughline/kernel/errors.js';
import { fromLocalTime, localTime } from '@throughline/kernel/words.js';
import { sayable, storable } from '@throughline/llm/guardrails.js';
import { z } from 'zod';
import { ConversationsService } from '../conversations/conversations.service.js';
import { OutboundService } from '../outbound/outbound.service.js';
import type { Tool, ToolContext, ToolResult } from './tools.types.js';

const refused = (why: string): ToolResult => ({ outcome: 'refused', report: `${why} They will not be called: do not say that they will.` });

/** A call that was asked for and cannot be made by then is for people to see to. */
const PATIENCE_MS = 30 * 60_000;
const DAYS_AHEAD_MS = 30 * 86_400_000;

const callArguments = z.object({
  purpose: z.string().trim().min(1).max(200).describe('What the call is about, in their language, so that it can follow "I am calling about": a few words.'),
  background: z.string().trim().max(500).optional().describe('What you will need to know in the call, if it is not in the conversation.'),
  at: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/).optional().describe('When, where they have named a time: local time of the business, such as 2026-01-05T16:30 (tool current_time). Leave it out for now.'),
});

/** Calls somebody who has asked to be called, at a number that is theirs. */
@Injectable()
export class CallCustomerTool implements Tool<typeof callArguments> {
  readonly name = 'call_customer';
  readonly description = 'Call the customer on the phone: you speak with them there. Only when they have just asked to be called.';
  readonly arguments = callArguments;
  readonly timeoutMs = 5_000;
  readonly hasEffect = true;
  readonly needsKnown = true;
  readonly onlyWritten = true;

  constructor(private readonly clock: Clock, private readonly conversations: ConversationsService, private readonly outbound: OutboundService) {}

  async run({ turn, tenant, conversation }: ToolContext, { purpose, background, at }: z.infer<typeof callArguments>): Promise<ToolResult> {
    const { tenantId, conversationSid, upToSeq } = turn;
    const now = this.clock.now();
    const when = at ? fromLocalTime(at, tenant.settings.timeZone) : now;
    if (!when || when.getTime() < now.getTime() - PATIENCE_MS || when.getTime() > now.getTime() + DAYS_AHEAD_MS) return refused('That is no time that one can be called at.');
    const [asked] = await this.conversations.between(tenantId, conversationSid, { afterSeq: upToSeq - 1, upToSeq, limit: 1 });
    // Where they wrote from a phone, that is the phone.
    const phone = conversation.replyAddress?.startsWith('+') ? { address: conversation.replyAddress } : {};
    try {
      await this.outbound.request(tenantId, {
        conversationSid, ...phone, ...(conversation.replyChannel === 'sms' && conversation.replySender ? { from: conversation.replySender } : {}),
        purpose: storable(sayable(purpose)).trim() || 'your request', background: background && storable(background), kind: 'service', whenMachine: 'hang_up', requestedBy: 'assistant',
        earliest: when, latest: new Date(Math.max(when.getTime(), now.getTime()) + PATIENCE_MS), askedAt: asked?.createdAt ?? now, key: `turn/${turn.id}`,
      });
    } catch (error) {
      if (error instanceof HubError && (error.kind === 'conflict' || error.kind === 'invalid')) return refused(describe(error));
      throw error;
    }
    const time = at ? `at ${localTime(when, tenant.settings.timeZone)}` : 'now';
    return { outcome: 'done', report: `They are called ${time}. Tell them so in one short sentence.` };
  }
}

const noArguments = z.object({});

/** Somebody on the phone wants no more of something at their number. */
@Injectable()
abstract class NoMoreTool implements Tool<typeof noArguments> {
  abstract readonly name: string;
  abstract readonly description: string;
  readonly arguments = noArguments;
  readonly timeoutMs = 5_000;
  readonly hasEffect = true;
  readonly onlySpoken = true;
  protected abstract readonly channels: readonly string[];
  protected abstract readonly noted: string;

  constructor(private readonly conversations: ConversationsService) {}

  /** Nobody silences the phone of somebody else by showing its number. */
  async run({ turn, aloud, newestMessageId }: ToolContext): Promise<ToolResult> {
    if (!aloud?.call.proved || !newestMessageId) return { outcome: 'refused', report: 'It is not sure that this number is theirs. Offer that a colleague sees to it.' };
    await this.conversations.aloud.endAt(turn.tenantId, turn.conversationSid, newestMessageId, this.channels);
    return { outcome: 'done', report: this.noted };
  }
}

@Injectable()
export class NoMoreCallsTool extends NoMoreTool {
  readonly name = 'no_more_calls';
  readonly description = 'The person on the phone clearly wants not to be called any more. Say afterwards that they will not be, and say goodbye.';
  protected readonly channels = ['voice'];
  protected readonly noted = 'Noted: this number is not called any more.';
}

@Injectable()
export class NoMoreTextsTool extends NoMoreTool {
  readonly name = 'no_more_texts';
  readonly description = 'The person on the phone clearly wants no more texts to this number, on any messenger. Confirm it afterwards, and that a text with the word START brings them back.';
  protected readonly channels = ['sms', 'rcs', 'whatsapp'];
  protected readonly noted = 'Noted: this number gets no more texts.';
}
