import { Injectable } from '@nestjs/common';
import { Database } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { Outbox } from '@throughline/queues/outbox.js';
import type { Message } from '../conversations/conversations.types.js';
import type { ForeignConversation, ForeignMessage } from './mirror.types.js';
import { uniqueNameOf } from './mirror.policy.js';
import { OpeningService } from './opening.service.js';
import { isGone, TwilioConversations } from './twilio.conversations.js';

/** The messaging webhook of the same message is usually a second behind or ahead; let it come first. */
const SETTLE_MS = 5_000;

/** The front door of the copy at Twilio. Nearly all of its work is asked for by jobs. */
@Injectable()
export class MirrorService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly outbox: Outbox,
    private readonly twilio: TwilioConversations,
    readonly opening: OpeningService,
  ) {}

  /** What programs beside us read off the Conversation. In place of what was there. @throws TwilioFailure */
  setAttributes(tenantId: string, conversationSid: string, attributes: Record<string, unknown>): Promise<void> {
    return this.twilio.setAttributes(tenantId, conversationSid, attributes);
  }

  /** A message in a Conversation that is not ours: a job looks whether Twilio made it for one of our customers. */
  async considerAdopting(tenantId: string, foreign: ForeignConversation, messageSid: string): Promise<void> {
    await this.database.transaction(tenantId, (tx) => this.outbox.enqueue(tx, {
      name: 'conversations.adopt', payload: { ...foreign, messageSid }, key: messageSid, dueAt: this.clock.in(SETTLE_MS),
    }));
  }

  /** A message in somebody else's Conversation and who is in there with it; null when either is gone. */
  async foreignMessage(foreign: ForeignConversation, messageSid: string): Promise<ForeignMessage | null> {
    return this.twilio.foreignMessage(foreign, messageSid).catch((error: unknown) => {
      if (isGone(error)) return null;
      throw error;
    });
  }

  /** How the Conversation of a contact is called at Twilio before anybody knows its sid. */
  readonly uniqueNameOf = uniqueNameOf;

  /** Deletes the copy at Twilio, all messages in it included. Nothing happens when it is gone. @throws TwilioFailure */
  removeCopy(tenantId: string, name: string): Promise<void> {
    return this.twilio.remove(tenantId, name);
  }

  /** Deletes the copy of one message. Nothing happens when it is gone. @throws TwilioFailure */
  removeMessage(message: Message): Promise<void> {
    return this.twilio.removeMessage(message);
  }

  /** Deletes who took part under this identity. Nothing happens when they are gone. @throws TwilioFailure */
  removeUser(tenantId: string, conversationSid: string, identity: string): Promise<void> {
    return this.twilio.removeUser(tenantId, conversationSid, identity);
  }

  /** Closing is final, and frees the addresses that are bound in it. */
  closeForeign(foreign: ForeignConversation): Promise<void> {
    return this.twilio.close(foreign);
  }
}
