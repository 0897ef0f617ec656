import { Injectable } from '@nestjs/common';
import type { Tx } from '@throughline/database/database.js';
import { notFound } from '@throughline/kernel/errors.js';
import { ContactsService } from '../contacts/contacts.service.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import { DeliveryService } from '../delivery/delivery.service.js';
import { MirrorService } from '../mirror/mirror.service.js';
import type { Traces } from './erasure.policy.js';
import type { Copy } from './privacy.types.js';

/** Where a person has left something. */
@Injectable()
export class TracesService {
  constructor(
    private readonly contacts: ContactsService,
    private readonly conversations: ConversationsService,
    private readonly delivery: DeliveryService,
    private readonly mirror: MirrorService,
  ) {}

  /** With the contact and the conversation held, so that nothing is added meanwhile. @throws HubError `not_found` */
  async of(tx: Tx, contactId: string): Promise<Traces> {
    const contact = await this.contacts.holdToErase(tx, contactId);
    if (!contact) throw notFound('contact', contactId);
    const conversationSid = await this.conversations.leaving.hold(tx, contactId);
    const { messages } = conversationSid ? await this.conversations.leaving.everythingIn(tx, conversationSid) : { messages: [] };
    return {
      conversationSid, conversationName: conversationSid ?? this.mirror.uniqueNameOf(tx.tenantId, contactId), displayName: contact.displayName, messages,
      addresses: contact.addresses.map(({ channel, address }) => ({ channel, address, identity: this.contacts.identityOf(channel, address) })),
    };
  }

  /** What we have sent. */
  async sentIn(tx: Tx, conversationSid: string | null): Promise<Omit<Copy, 'id'>[]> {
    const sent = conversationSid ? await this.delivery.providerSids(tx, conversationSid) : [];
    return sent.map(({ channel, sid }) => ({ kind: 'message' as const, channel, sid }));
  }
}
