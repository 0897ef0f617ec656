import { Injectable, Logger } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { describe } from '@throughline/kernel/errors.js';
import { uuidv7 } from '@throughline/kernel/ids.js';
import { reach } from '@throughline/kernel/points.js';
import type { JobOutcome } from '@throughline/queues/job-runner.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import type { Message, Unmirrored } from '../conversations/conversations.types.js';
import { mirroredText, mirrorPieces } from './mirror.policy.js';
import { MirrorsRepository } from './mirrors.repository.js';
import { isGone, isRefused, TwilioConversations } from './twilio.conversations.js';

/**
 * Renewed between two steps. The longest step is joining: two calls of 15 s each, until the client gives up. So the
 * lease only runs out on somebody who died, or whose time was moved.
 */
const LEASE_MS = 45_000;
/** A younger lease lasts through the next step as it is. */
const RENEW_AFTER_MS = 10_000;
/** When another mirror of the same conversation is at work, look again soon: it may just have missed our message. */
const BUSY_MS = 500;
/** How far back a message may be that was posted just before a crash. */
const LOOK_BACK = 100;

interface Lease {
  id: string;
  tenantId: string;
  conversationSid: string;
  renewedAt: number;
}

/** Somebody else may be copying by now, so nothing more is posted. */
class LeaseLost extends Error {}

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
    const now = this.clock.now();
    const lease: Lease = { id: uuidv7(now.getTime()), tenantId, conversationSid, renewedAt: now.getTime() };
    const start = await this.database.transaction(tenantId, async (tx) => {
      const busy = await this.mirrors.lease(tx, conversationSid, lease.id, now, this.clock.in(LEASE_MS));
      return busy ? { busy } : { next: await this.claimNext(tx, lease) };
    });
    if (start.busy) return { again: new Date(Math.min(start.busy.getTime(), this.clock.ms() + BUSY_MS)) };
    await reach('mirror.claimed');
    try {
      await this.drain(lease, start.next ?? null);
    } catch (error) {
      if (error instanceof LeaseLost) return { again: this.clock.in(BUSY_MS) };
      await this.database.transaction(tenantId, (tx) => this.mirrors.endLease(tx, conversationSid, lease.id));
      throw error;
    }
  }

  private async drain(lease: Lease, first: Unmirrored | null): Promise<void> {
    let next = first;
    while (next) {
      const current: Unmirrored = next;
      const posted = await this.post(lease, current);
      await reach('mirror.posted');
      const step = await this.database.transaction(lease.tenantId, async (tx) => {
        this.conversations.noteMirrored(tx, current.message.id, posted);
        return (await this.renew(tx, lease)) ? { next: await this.claimNext(tx, lease) } : 'lost';
      });
      await reach('mirror.saved');
      if (step === 'lost') throw new LeaseLost();
      next = step.next;
    }
  }

  /** The next message to post, marked in the same transaction; without one the lease ends. */
  private async claimNext(tx: Tx, { conversationSid, id }: Lease): Promise<Unmirrored | null> {
    const next = await this.conversations.claimUnmirrored(tx, conversationSid);
    if (!next) this.mirrors.endLease(tx, conversationSid, id);
    return next;
  }

  private async renew(tx: Tx, lease: Lease): Promise<boolean> {
    const now = this.clock.now();
    lease.renewedAt = now.getTime();
    return this.mirrors.renew(tx, lease.conversationSid, lease.id, now, this.clock.in(LEASE_MS));
  }

  /** Before each further call to Twilio for one message. */
  private async hold(lease: Lease): Promise<void> {
    if (this.clock.ms() - lease.renewedAt <= RENEW_AFTER_MS) return;
    if (!(await this.database.transaction(lease.tenantId, (tx) => this.renew(tx, lease)))) throw new LeaseLost();
  }

  /** @returns the sid in the Conversation, or null when the Conversation will never take it */
  private async post(lease: Lease, { message, tried, joining }: Unmirrored): Promise<string | null> {
    try {
      // An earlier run may have posted it and died. Look before posting again.
      const sids = tried ? await this.findPosted(message) : [];
      await this.hold(lease);
      if (joining && sids.length === 0) await this.conversations.noteJoined(lease.tenantId, joining, await this.twilio.join(lease.tenantId, joining));
      const pieces = mirrorPieces(mirroredText(message));
      for (let part = sids.length; part < pieces.length; part++) {
        await this.hold(lease);
        sids.push((await this.twilio.post(message, pieces[part]!, part + 1)).sid);
      }
      return sids[0]!;
    } catch (error) {
      if (!isGone(error) && !isRefused(error)) throw error;
      this.log.error(`Conversation ${message.conversationSid} does not take message ${message.id}; it is in the record only: ${describe(error)}`);
      return null;
    }
  }

  /** The pieces of this message that are there already, first piece first. */
  private async findPosted(message: Message): Promise<string[]> {
    const newest = await this.twilio.newest(message.tenantId, message.conversationSid, LOOK_BACK);
    return newest.filter((posted) => posted.messageId === message.id).map((posted) => posted.sid).reverse();
  }
}
