import { Injectable } from '@nestjs/common';
import { Database } from '@throughline/database/database.js';
import { reach } from '@throughline/kernel/points.js';
import { ContactsService } from '../contacts/contacts.service.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import { uniqueNameOf } from './mirror.policy.js';
import { PlacesService } from './places.service.js';
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
    private readonly places: PlacesService,
  ) {}

  /** Every step finds what an earlier run of it made, so it may die and run again anywhere. */
  async receiveKept(tenantId: string, inboxId: string): Promise<void> {
    const tenant = await this.tenancy.tenant(tenantId);
    const message = await this.conversations.kept(tenantId, inboxId);
    if (!message) return;
    const { contact, known } = await this.database.transaction(tenantId, async (tx) => {
      const found = await this.contacts.findOrCreate(tx, message);
      return { contact: found, known: await this.conversations.sidOf(tx, found.id) };
    });
    const conversationSid = known ?? await this.open(tenantId, contact.id, contact.displayName ?? message.address);
    await this.conversations.receiveKept(tenant, inboxId, conversationSid);
  }

  /** The contact's Conversation at Twilio; one that is there already is found. The record does not know of it yet. */
  async open(tenantId: string, contactId: string, friendlyName: string): Promise<string> {
    const { conversationSid, serviceSid } = await this.twilio.findOrCreate(
      uniqueNameOf(tenantId, contactId), friendlyName, { tenantId, contactId },
    );
    await reach('conversation.created');
    await this.places.note(tenantId, conversationSid, serviceSid);
    return conversationSid;
  }
}
