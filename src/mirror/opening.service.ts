import { Injectable } from '@nestjs/common';
import { Database } from '@throughline/database/database.js';
import { reach } from '@throughline/kernel/points.js';
import { ContactsService } from '../contacts/contacts.service.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import { TwilioConversations } from './twilio.conversations.js';

/** Makes the Conversation of somebody new, then receives what they wrote. */
@Injectable()
export class OpeningService {
  constructor(
    private readonly database: Database,
    private readonly tenancy: TenancyService,
    private readonly contacts: ContactsService,
    private readonly twilio: TwilioConversations,
    private readonly conversations: ConversationsService,
  ) {}

  /** Every step finds what an earlier run of it made, so it may die and run again anywhere. */
  async receiveKept(tenantId: string, inboxId: string): Promise<void> {
    const tenant = await this.tenancy.tenant(tenantId);
    const message = await this.conversations.kept(tenantId, inboxId);
    if (!message) return;
    const contact = await this.database.transaction(tenantId, (tx) =>
      this.contacts.findOrCreate(tx, message.channel, message.address, message.displayName));
    const uniqueName = `throughline.${tenantId}.${contact.id}`;
    const friendlyName = contact.displayName ?? message.address;
    const conversationSid = await this.twilio.findOrCreate(uniqueName, friendlyName, { tenantId, contactId: contact.id });
    await reach('conversation.created');
    await this.conversations.receiveKept(tenant, inboxId, conversationSid);
  }
}
