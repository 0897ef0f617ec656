import { Injectable } from '@nestjs/common';
import { Database } from '@throughline/database/database.js';
import { notFound } from '@throughline/kernel/errors.js';
import { isUuid } from '@throughline/kernel/ids.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import type { Message } from '../conversations/conversations.types.js';
import { DeliveriesRepository } from './deliveries.repository.js';
import type { ChannelSender, Delivery, Receipt } from './delivery.types.js';
import { ReceiptsService } from './receipts.service.js';
import { SenderRegistry } from './sender.registry.js';

/** The front door: doors bring their senders and their receipts. */
@Injectable()
export class DeliveryService {
  private readonly deliveries = new DeliveriesRepository();

  constructor(
    private readonly database: Database,
    private readonly registry: SenderRegistry,
    private readonly receipts: ReceiptsService,
    private readonly conversations: ConversationsService,
  ) {}

  registerSender(sender: ChannelSender): void {
    this.registry.register(sender);
  }

  /** @returns whether the receipt belongs to one of our deliveries */
  recordReceipt(tenantId: string, deliveryId: string, receipt: Receipt): Promise<boolean> {
    return this.receipts.record(tenantId, deliveryId, receipt);
  }

  /** The message that went out under this id of the provider's. */
  messageOf(tenantId: string, providerSid: string): Promise<Message | null> {
    return this.database.transaction(tenantId, async (tx) => {
      const messageId = await this.deliveries.messageOf(tx, providerSid);
      return messageId ? this.conversations.messageIn(tx, messageId) : null;
    });
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
