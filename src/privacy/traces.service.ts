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

  /** With all contacts and conversations of the person held, so that nothing is added meanwhile. @throws HubError `not_found` */
  async of(tx: Tx, contactId: string): Promise<Traces> {
    const person = await this.contacts.holdPerson(tx, contactId);
    if (!person) throw notFound('contact', contactId);
    const ids = person.contacts.map(({ id }) => id);
    const sids = await this.conversations.leaving.hold(tx, ids);
    const threads = await Promise.all([...sids.values()].map((sid) => this.conversations.leaving.everythingIn(tx, sid)));
    return {
      conversationSid: sids.get(ids[0]!) ?? null, conversationNames: ids.map((id) => sids.get(id) ?? this.mirror.uniqueNameOf(tx.tenantId, id)),
      displayNames: person.contacts.flatMap(({ displayName }) => displayName ?? []), messages: threads.flatMap(({ messages }) => messages),
      addresses: person.addresses.map(({ channel, address }) => ({ channel, address, identity: this.contacts.identityOf(channel, address) })),
    };
  }

  /** What we have sent. */
  async sentIn(tx: Tx, conversationSids: readonly string[]): Promise<Omit<Copy, 'id'>[]> {
    const sent = await Promise.all(conversationSids.map((sid) => this.delivery.providerSids(tx, { conversationSid: sid })));
    return sent.flat().map(({ channel, sid }) => ({ kind: 'message' as const, channel, sid }));
  }
}
