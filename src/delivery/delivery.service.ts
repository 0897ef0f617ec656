import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { notFound } from '@throughline/kernel/errors.js';
import { isUuid } from '@throughline/kernel/ids.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import type { Message } from '../conversations/conversations.types.js';
import { DeliveriesRepository } from './deliveries.repository.js';
import type { ChannelSender, Delivery, Receipt, SentIn } from './delivery.types.js';
import { ReceiptsService } from './receipts.service.js';
import { SenderRegistry } from './sender.registry.js';

const MOST_EXPORTED = 1_000_000;

/** The front door: doors bring their senders and their receipts. */
@Injectable()
export class DeliveryService {
  private readonly deliveries = new DeliveriesRepository();
  private readonly removers = new Map<string, (providerSid: string) => Promise<void>>();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly registry: SenderRegistry,
    private readonly receipts: ReceiptsService,
    private readonly conversations: ConversationsService,
  ) {}

  registerSender(sender: ChannelSender): void {
    this.registry.register(sender);
  }

  /** Who removes the provider's copies on a channel by which nothing is sent. */
  registerRemover(channel: string, remove: (providerSid: string) => Promise<void>): void {
    this.removers.set(channel, remove);
  }

  /** @returns whether the receipt belongs to one of our deliveries */
  recordReceipt(tenantId: string, deliveryId: string, receipt: Receipt): Promise<boolean> {
    return this.receipts.record(tenantId, deliveryId, receipt);
  }

  /**
   * The channel knows by itself what has become of messages that it carries in one part, and needs no provider's ids.
   *
   * @param messageIds of this tenant; what is further already stays so
   */
  async noteReceived(tenantId: string, messageIds: readonly string[], status: 'delivered' | 'read'): Promise<void> {
    const ids = await this.database.transaction(tenantId, (tx) => this.deliveries.sentOf(tx, messageIds));
    for (const { id, providerSid } of ids) await this.receipts.record(tenantId, id, { providerSid, status, errorCode: null });
  }

  /** The message that went out under this id of the provider's. */
  messageOf(tenantId: string, providerSid: string): Promise<Message | null> {
    return this.database.transaction(tenantId, async (tx) => {
      const messageId = await this.deliveries.messageOf(tx, providerSid);
      return messageId ? this.conversations.messageIn(tx, messageId) : null;
    });
  }

  /** Every delivery of a conversation, oldest first. */
  everythingIn(tx: Tx, conversationSid: string): Promise<Delivery[]> {
    return this.deliveries.list(tx, { conversationSid, state: null, after: null, limit: MOST_EXPORTED });
  }

  /** The provider's ids of everything that was sent. */
  providerSids(tx: Tx, of: SentIn): Promise<{ channel: string; sid: string }[]> {
    return this.deliveries.providerSids(tx, of);
  }

  /** Blanks what was sent, and sends no more of it. Twice is once. @returns also how many may be on their way to the provider at this moment */
  async erase(tx: Tx, conversationSid: string): Promise<{ counts: Record<string, number>; underWay: number }> {
    const deliveries = await this.deliveries.erase(tx, conversationSid, this.clock.now());
    return { counts: { deliveries }, underWay: await this.deliveries.outcomeOpen(tx, conversationSid) };
  }

  /** Takes the words away that were sent for these messages. Twice is once. */
  purge(tx: Tx, messageIds: string[]): void {
    this.deliveries.purge(tx, messageIds);
  }

  /** Removes the provider's copy of a message, whoever wrote it. Nothing happens when it is gone, or when nobody sends on this channel. @throws TwilioFailure */
  async removeCopy(channel: string, providerSid: string): Promise<void> {
    await this.registry.find(channel)?.remove(providerSid);
    await this.removers.get(channel)?.(providerSid);
  }

  list(
    tenantId: string, filter: { conversationSid: string | null; state: string | null; after: { at: Date; id: string } | null; limit: number },
  ): Promise<Delivery[]> {
    return this.database.transaction(tenantId, (tx) => this.deliveries.list(tx, filter));
  }

  async delivery(tenantId: string, id: string): Promise<Delivery> {
    const found = isUuid(id) ? await this.database.transaction(tenantId, (tx) => this.deliveries.find(tx, id)) : null;
    if (!found) throw notFound('delivery', id);
    return found;
  }
}
