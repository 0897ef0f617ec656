import { Injectable } from '@nestjs/common';
import type { Tx } from '@throughline/database/database.js';
import { ContactsService } from '../contacts/contacts.service.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import type { Message } from '../conversations/conversations.types.js';
import { DeliveryService } from '../delivery/delivery.service.js';
import { MediaService } from '../media/media.service.js';
import { MemoryService } from '../memory/memory.service.js';
import type { Erased } from './privacy.types.js';
import { QuotesService } from './quotes.service.js';

export interface Person {
  contactId: string;
  conversationSid: string | null;
  addresses: string[];
  until: Date;
}

/** Every room that keeps something of a person; each of them knows its own tables. A new room with such a table is added here. */
@Injectable()
export class StoresService {
  constructor(
    private readonly contacts: ContactsService,
    private readonly conversations: ConversationsService,
    private readonly memory: MemoryService,
    private readonly media: MediaService,
    private readonly delivery: DeliveryService,
    private readonly quotes: QuotesService,
  ) {}

  /** Twice is once. The files of attachments are removed later, by what is left of their rows. */
  async erase(tx: Tx, { contactId, conversationSid, addresses, until }: Person): Promise<Erased> {
    // What is attached first, with its messages held: they still say how much there was.
    const attached = conversationSid ? await this.conversations.leaving.holdAttached(tx, conversationSid) : [];
    const counts = {
      ...(conversationSid ? await this.media.erase(tx, conversationSid, attached) : {}),
      ...(await this.contacts.erase(tx, contactId, addresses, until)),
      ...(await this.conversations.leaving.erase(tx, conversationSid, addresses, until)),
      ...(await this.memory.erase(tx, contactId, conversationSid)),
    };
    if (!conversationSid) return { counts, underWay: 0 };
    const delivery = await this.delivery.erase(tx, conversationSid);
    const quotes = await this.quotes.erase(tx, conversationSid);
    return { counts: { ...counts, ...delivery.counts, ...quotes.counts }, underWay: delivery.underWay + quotes.underWay };
  }

  /** All that the rooms keep of a conversation. */
  async everythingIn(tx: Tx, conversationSid: string) {
    const [{ messages, transitions }, attachments, deliveries, { turns, toolCalls, citations }] = await Promise.all([
      this.conversations.leaving.everythingIn(tx, conversationSid), this.media.everythingIn(tx, conversationSid),
      this.delivery.everythingIn(tx, conversationSid), this.quotes.everythingIn(tx, conversationSid),
    ]);
    return { messages, attachments, deliveries, transitions, turns, toolCalls, citations };
  }

  /** Takes these messages of one conversation away, with all that quotes them. */
  async purge(tx: Tx, messages: readonly Message[], before: Date): Promise<void> {
    const last = messages.at(-1);
    if (!last) return;
    await this.conversations.leaving.purge(tx, messages, before);
    this.delivery.purge(tx, messages.map(({ id }) => id));
    this.memory.purge(tx, last.conversationSid, last.seq);
    await this.quotes.purge(tx, last.conversationSid, before);
  }

  /** Of all contacts. */
  eraseOlderFacts(tx: Tx, before: Date): Promise<number> {
    return this.memory.eraseOlderFacts(tx, before);
  }
}
