import { Injectable } from '@nestjs/common';
import { Database } from '@throughline/database/database.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import type { Message } from '../conversations/conversations.types.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import type { Sender, SenderChannel } from '../tenancy/tenancy.types.js';

export interface Way {
  message: Message;
  sender: Sender | null;
}

/** The message and the sender it leaves by. */
@Injectable()
export class WayService {
  constructor(
    private readonly database: Database,
    private readonly conversations: ConversationsService,
    private readonly tenancy: TenancyService,
  ) {}

  async of(tenantId: string, messageId: string): Promise<Way | null> {
    const message = await this.database.transaction(tenantId, (tx) => this.conversations.messageIn(tx, messageId));
    if (!message || message.direction !== 'outbound' || message.channel === 'internal') return null;
    const sender = message.sender ? await this.tenancy.sender(tenantId, message.channel as SenderChannel, message.sender) : null;
    return { message, sender };
  }
}
