import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '@throughline/kernel/clock.js';
import { describe } from '@throughline/kernel/errors.js';
import type { JobOutcome } from '@throughline/queues/job-runner.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import { RECONCILE_EVERY_MS } from '../conversations/conversations.types.js';
import { isGone, TwilioConversations } from './twilio.conversations.js';

/** Three rounds: a webhook that was lost is found again even when one round fails. */
const WINDOW_MS = 3 * RECONCILE_EVERY_MS;
/** Of each kind: active ones, those with people, quiet ones. One call to Twilio for each of them. */
const CONVERSATIONS_PER_ROUND = 200;
const MESSAGES_EACH = 50;
/** So many that fail are no longer the fault of single Conversations: the round waits for better times. */
const MOST_FAILURES = 3;

/**
 * Conversations webhooks are sent once. What a lost one would have told is found by comparing the Conversations with
 * the record: those in which something happens or people are expected every time, quiet ones in turn.
 */
@Injectable()
export class ReconcileService {
  private readonly log = new Logger('Reconcile');

  constructor(
    private readonly clock: Clock,
    private readonly conversations: ConversationsService,
    private readonly twilio: TwilioConversations,
  ) {}

  async reconcile(tenantId: string): Promise<JobOutcome> {
    const request = { since: this.clock.in(-WINDOW_MS), limit: CONVERSATIONS_PER_ROUND, now: this.clock.now() };
    const taken = await this.conversations.takeToCompare(tenantId, request);
    let failures = 0;
    for (const conversationSid of taken) {
      await this.compare(tenantId, conversationSid).catch((error: unknown) => {
        if (++failures >= MOST_FAILURES) throw error;
        this.log.warn(`Conversation ${conversationSid} was not compared this time: ${describe(error)}`);
      });
    }
    return { again: this.clock.in(RECONCILE_EVERY_MS) };
  }

  private async compare(tenantId: string, conversationSid: string): Promise<void> {
    const posted = await this.twilio.newest(tenantId, conversationSid, MESSAGES_EACH).catch((error: unknown) => {
      if (isGone(error)) return [];
      throw error;
    });
    const strange = posted.filter((message) => message.messageId === undefined).reverse();
    if (strange.length === 0) return;
    const known = await this.conversations.mirrorSidsKnown(tenantId, conversationSid, strange.map((message) => message.sid));
    for (const message of strange.filter(({ sid }) => !known.has(sid))) {
      await this.conversations.receiveFromConversation(tenantId, {
        conversationSid, mirrorSid: message.sid, author: message.author, body: message.body, mediaTypes: message.mediaTypes, writtenAt: message.createdAt,
      });
    }
  }
}
