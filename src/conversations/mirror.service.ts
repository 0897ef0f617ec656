import { Injectable, Logger } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { describe } from '@throughline/kernel/errors.js';
import { uuidv7 } from '@throughline/kernel/ids.js';
import { reach } from '@throughline/kernel/points.js';
import type { JobOutcome } from '@throughline/queues/job-runner.js';
import { ConversationsRepository } from './conversations.repository.js';
import type { Message } from './conversations.types.js';
import { MessagesRepository } from './messages.repository.js';
import { mirrorPieces } from './mirror.policy.js';
import { ParticipantsRepository } from './participants.repository.js';
import { isGone, isRefused, TwilioConversations } from './twilio.conversations.js';

/** Longer than any call to Twilio may take, so that a lease only runs out on somebody who died. */
const LEASE_MS = 30_000;
/** When another mirror of the same conversation is at work, look again soon: it may just have missed our message. */
const BUSY_MS = 500;
/** How far back a message may be that was posted just before a crash. */
const LOOK_BACK = 100;

/** Copies the record's messages into the Twilio Conversation, each once and in order. */
@Injectable()
export class MirrorService {
  private readonly log = new Logger('Mirror');
  private readonly conversations = new ConversationsRepository();
  private readonly messages = new MessagesRepository();
  private readonly participants = new ParticipantsRepository();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly twilio: TwilioConversations,
  ) {}

  async mirror(tenantId: string, conversationSid: string): Promise<JobOutcome> {
    const lease = uuidv7(this.clock.ms());
    const start = await this.database.transaction(tenantId, async (tx) => {
      const now = this.clock.now();
      const busy = await this.conversations.leaseMirror(tx, conversationSid, lease, now, this.clock.in(LEASE_MS));
      return busy ? { busy } : { message: await this.claimNext(tx, conversationSid, lease) };
    });
    if (start.busy) return { again: new Date(Math.min(start.busy.getTime(), this.clock.ms() + BUSY_MS)) };
    await reach('mirror.claimed');
    try {
      await this.drain(tenantId, conversationSid, lease, start.message ?? null);
    } catch (error) {
      await this.database.transaction(tenantId, (tx) => this.conversations.endMirrorLease(tx, conversationSid, lease));
      throw error;
    }
  }

  private async drain(tenantId: string, conversationSid: string, lease: string, first: Message | null): Promise<void> {
    let message = first;
    while (message) {
      const current: Message = message;
      const posted = await this.post(tenantId, current);
      await reach('mirror.posted');
      message = await this.database.transaction(tenantId, async (tx) => {
        await this.messages.setMirror(tx, current.id, posted ? 'mirrored' : 'failed', posted);
        return this.claimNext(tx, conversationSid, lease);
      });
      await reach('mirror.saved');
    }
  }

  /** The next message to post, marked in the same transaction; without one the lease ends. */
  private async claimNext(tx: Tx, conversationSid: string, lease: string): Promise<Message | null> {
    const message = await this.messages.nextToMirror(tx, conversationSid);
    if (!message) await this.conversations.endMirrorLease(tx, conversationSid, lease);
    else if (message.mirrorState === 'pending') await this.messages.setMirror(tx, message.id, 'posting', null);
    return message;
  }

  /** @returns the sid in the Conversation, or null when the Conversation will never take it */
  private async post(tenantId: string, message: Message): Promise<string | null> {
    try {
      // "posting" before this run marked it: an earlier run may have posted it and died. Look before posting again.
      const earlier = message.mirrorState === 'posting' ? await this.findPosted(message) : [];
      if (message.direction === 'inbound' && earlier.length === 0) await this.join(tenantId, message);
      const sids = [...earlier];
      const pieces = mirrorPieces(message.body);
      for (let part = earlier.length; part < pieces.length; part++) sids.push((await this.twilio.post(message, pieces[part]!, part + 1)).sid);
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

  private async join(tenantId: string, message: Message): Promise<void> {
    const { conversationSid, author } = message;
    const participant = await this.database.transaction(tenantId, (tx) => this.participants.find(tx, conversationSid, author));
    if (!participant || participant.participantSid) return;
    const participantSid = await this.twilio.join(participant);
    await this.database.transaction(tenantId, (tx) => this.participants.setSid(tx, conversationSid, author, participantSid));
  }
}
