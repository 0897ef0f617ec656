import { Injectable, Logger } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { describe } from '@throughline/kernel/errors.js';
import { uuidv7 } from '@throughline/kernel/ids.js';
import { reach } from '@throughline/kernel/points.js';
import type { JobOutcome } from '@throughline/queues/job-runner.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import type { Message, Unmirrored } from '../conversations/conversations.types.js';
import { mirrorPieces } from './mirror.policy.js';
import { MirrorsRepository } from './mirrors.repository.js';
import { isGone, isRefused, TwilioConversations } from './twilio.conversations.js';

/** Longer than any call to Twilio may take, so that a lease only runs out on somebody who died. */
const LEASE_MS = 30_000;
/** When another mirror of the same conversation is at work, look again soon: it may just have missed our message. */
const BUSY_MS = 500;
/** How far back a message may be that was posted just before a crash. */
const LOOK_BACK = 100;

/** Copies the record's messages into the Twilio Conversation, each once and in order. */
@Injectable()
export class CopyingService {
  private readonly log = new Logger('Mirror');
  private readonly mirrors = new MirrorsRepository();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly conversations: ConversationsService,
    private readonly twilio: TwilioConversations,
  ) {}

  async copy(tenantId: string, conversationSid: string): Promise<JobOutcome> {
    const lease = uuidv7(this.clock.ms());
    const start = await this.database.transaction(tenantId, async (tx) => {
      const busy = await this.mirrors.lease(tx, conversationSid, lease, this.clock.now(), this.clock.in(LEASE_MS));
      return busy ? { busy } : { next: await this.claimNext(tx, conversationSid, lease) };
    });
    if (start.busy) return { again: new Date(Math.min(start.busy.getTime(), this.clock.ms() + BUSY_MS)) };
    await reach('mirror.claimed');
    try {
      await this.drain(tenantId, conversationSid, lease, start.next ?? null);
    } catch (error) {
      await this.database.transaction(tenantId, (tx) => this.mirrors.endLease(tx, conversationSid, lease));
      throw error;
    }
  }

  private async drain(tenantId: string, conversationSid: string, lease: string, first: Unmirrored | null): Promise<void> {
    let next = first;
    while (next) {
      const current: Unmirrored = next;
      const posted = await this.post(tenantId, current);
      await reach('mirror.posted');
      next = await this.database.transaction(tenantId, async (tx) => {
        await this.conversations.noteMirrored(tx, current.message.id, posted);
        return this.claimNext(tx, conversationSid, lease);
      });
      await reach('mirror.saved');
    }
  }

  /** The next message to post, marked in the same transaction; without one the lease ends. */
  private async claimNext(tx: Tx, conversationSid: string, lease: string): Promise<Unmirrored | null> {
    const next = await this.conversations.claimUnmirrored(tx, conversationSid);
    if (!next) await this.mirrors.endLease(tx, conversationSid, lease);
    return next;
  }

  /** @returns the sid in the Conversation, or null when the Conversation will never take it */
  private async post(tenantId: string, { message, tried, joining }: Unmirrored): Promise<string | null> {
    try {
      // An earlier run may have posted it and died. Look before posting again.
      const sids = tried ? await this.findPosted(message) : [];
      if (joining && sids.length === 0) await this.conversations.noteJoined(tenantId, joining, await this.twilio.join(joining));
      const pieces = mirrorPieces(message.body);
      for (let part = sids.length; part < pieces.length; part++) sids.push((await this.twilio.post(message, pieces[part]!, part + 1)).sid);
      return sids[0]!;
    } catch (error) {
      if (!isGone(error) && !isRefused(error)) throw error;
      this.log.error(`Conversation ${message.conversationSid} does not take message ${message.id}; it is in the record only: ${describe(error)}`);
      return null;
    }
  }

  /** The pieces of this message that are there already, first piece first. */
  private async findPosted(message: Message): Promise<string[]> {
    const newest = await this.twilio.newest(message.conversationSid, LOOK_BACK);
    return newest.filter((posted) => posted.messageId === message.id).map((posted) => posted.sid).reverse();
  }
}
