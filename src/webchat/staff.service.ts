import { Injectable } from '@nestjs/common';
import { Database } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { tell } from '@throughline/live/live.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import { VisitorsService } from '../visitors/visitors.service.js';
import { type Lead, leadOf } from '../visitors/visitors.types.js';

export interface ShownVisitor {
  visitorId: string;
  widgetKey: string;
  origin: string;
  lead: Lead;
  isTyping: boolean;
  createdAt: Date;
}

/** What colleagues see of visitors, and visitors of colleagues, before a word is said. */
@Injectable()
export class StaffService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly conversations: ConversationsService,
    private readonly visitors: VisitorsService,
  ) {}

  /** @throws HubError `not_found`, also for another tenant's conversation */
  async visitorsIn(tenantId: string, conversationSid: string): Promise<ShownVisitor[]> {
    const participants = await this.conversations.participantsOf(tenantId, conversationSid);
    const addresses = participants.filter(({ channel }) => channel === 'chat').map(({ address }) => address);
    const visitors = await this.database.transaction(tenantId, (tx) => this.visitors.at(tx, addresses));
    const now = this.clock.now();
    return visitors.map((visitor) => ({
      visitorId: visitor.id, widgetKey: visitor.widgetKey, origin: visitor.origin, lead: leadOf(visitor),
      isTyping: visitor.typingUntil !== null && visitor.typingUntil > now, createdAt: visitor.createdAt,
    }));
  }

  /** Shown where the next answer goes, when that is a page; on other channels nobody would see it. @throws HubError `not_found` */
  async types(tenantId: string, conversationSid: string, { staff, on }: { staff: string; on: boolean }): Promise<void> {
    const { replyChannel: channel, replyAddress: address } = await this.conversations.conversation(tenantId, conversationSid);
    if (channel && address) tell('typing', { tenantId, channel, address, by: 'staff', name: staff, on });
  }
}
