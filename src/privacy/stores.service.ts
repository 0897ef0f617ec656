import { Injectable } from '@nestjs/common';
import type { Tx } from '@throughline/database/database.js';
import { ContactsService } from '../contacts/contacts.service.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import type { Message } from '../conversations/conversations.types.js';
import { DeliveryService } from '../delivery/delivery.service.js';
import { MediaService } from '../media/media.service.js';
import { MemoryService } from '../memory/memory.service.js';
import { added } from './erasure.policy.js';
import type { Erased, Whole } from './privacy.types.js';
import { QuotesService } from './quotes.service.js';

export interface Person extends Whole {
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
  async erase(tx: Tx, { contactIds, conversationSids, addresses, until }: Person): Promise<Erased> {
    const erased: Erased = { counts: await this.contacts.erase(tx, contactIds, addresses, until), underWay: 0 };
    const also = ({ counts, underWay }: Erased): void => {
      erased.counts = added(erased.counts, counts);
      erased.underWay += underWay;
    };
    for (const sid of conversationSids) also(await this.eraseIn(tx, sid));
    also({ counts: await this.conversations.leaving.eraseWaiting(tx, addresses, until), underWay: 0 });
    also({ counts: { ...(await this.memory.erase(tx, contactIds, conversationSids)), ...(await this.quotes.phones.erase(tx, { contactIds, conversationSids })) }, underWay: 0 });
    also({ counts: { ...(await this.quotes.eraseVisitors(tx, addresses, until)), uploads: await this.media.incoming.erase(tx, addresses) }, underWay: 0 });
    return erased;
  }

  private async eraseIn(tx: Tx, conversationSid: string): Promise<Erased> {
    // What is attached first, with its messages held: they still say how much there was.
    const attachments = await this.media.eraseAll(tx, conversationSid, await this.conversations.leaving.holdAttached(tx, conversationSid));
    const said = await this.conversations.leaving.erase(tx, conversationSid);
    const delivery = await this.delivery.erase(tx, conversationSid);
    const quotes = await this.quotes.erase(tx, conversationSid);
    return { counts: { ...attachments, ...said, ...delivery.counts, ...quotes.counts }, underWay: delivery.underWay + quotes.underWay };
  }

  /** A contact is one person with those that were merged with it, also when they were erased. */
  async whole(tx: Tx, contactId: string): Promise<Whole> {
    const contactIds = await this.contacts.wholePerson(tx, contactId);
    return { contactIds, conversationSids: await this.conversations.leaving.sidsOf(tx, contactIds) };
  }

  /** All that the rooms keep of a person. */
  async everythingOf(tx: Tx, { contactIds, conversationSids }: Whole) {
    const threads = await Promise.all(conversationSids.map((sid) => this.everythingIn(tx, sid)));
    const known = await this.contacts.everythingOf(tx, contactIds);
    return {
      conversationSids, ...known, ...(await this.quotes.phones.everythingOf(tx, { contactIds, conversationSids })), visitors: await this.quotes.visitorsAt(tx, known.addresses.map(({ address }) => address)),
      messages: threads.flatMap(({ messages }) => messages), attachments: threads.flatMap(({ attachments }) => attachments),
      deliveries: threads.flatMap(({ deliveries }) => deliveries), transitions: threads.flatMap(({ transitions }) => transitions),
      turns: threads.flatMap(({ turns }) => turns), toolCalls: threads.flatMap(({ toolCalls }) => toolCalls),
      citations: threads.flatMap(({ citations }) => citations), ...(await this.memory.everythingOf(tx, contactIds, conversationSids)),
    };
  }

  private async everythingIn(tx: Tx, conversationSid: string) {
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
    await this.quotes.purge(tx, last.conversationSid, before, last.seq);
  }

  /** Visitors of web chat who did not come back in time. @returns how many, `most` at most */
  removeExpiredVisitors(tx: Tx, most: number): Promise<number> {
    return this.quotes.removeExpiredVisitors(tx, most);
  }

  /** Of all contacts. */
  eraseOlderFacts(tx: Tx, before: Date): Promise<number> {
    return this.memory.eraseOlderFacts(tx, before);
  }
}
