import { Injectable } from '@nestjs/common';
import type { Tx } from '@throughline/database/database.js';
import { AssistantService } from '../assistant/assistant.service.js';
import { ContactsService } from '../contacts/contacts.service.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import { DeliveryService } from '../delivery/delivery.service.js';
import { KnowledgeService } from '../knowledge/knowledge.service.js';
import { MemoryService } from '../memory/memory.service.js';
import type { Counts } from './privacy.types.js';

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
    private readonly knowledge: KnowledgeService,
    private readonly delivery: DeliveryService,
    private readonly assistant: AssistantService,
  ) {}

  /** Twice is once. @returns what was removed, and how much is still under way and cannot be removed before it has ended */
  async erase(tx: Tx, { contactId, conversationSid, addresses, until }: Person): Promise<{ counts: Counts; underWay: number }> {
    const counts = {
      ...(await this.contacts.erase(tx, contactId, addresses, until)),
      ...(await this.conversations.erase(tx, conversationSid, addresses, until)),
      ...(await this.memory.erase(tx, contactId, conversationSid)),
    };
    if (!conversationSid) return { counts, underWay: 0 };
    const delivery = await this.delivery.erase(tx, conversationSid);
    const assistant = await this.assistant.erase(tx, conversationSid);
    const citations = await this.knowledge.erase(tx, conversationSid);
    return { counts: { ...counts, ...delivery.counts, ...assistant.counts, ...citations }, underWay: delivery.underWay + assistant.underWay };
  }

  /** All that the rooms keep of a conversation. */
  async everythingIn(tx: Tx, conversationSid: string) {
    const [{ messages, transitions }, deliveries, { turns, toolCalls }, citations] = await Promise.all([
      this.conversations.everythingIn(tx, conversationSid), this.delivery.everythingIn(tx, conversationSid),
      this.assistant.everythingIn(tx, conversationSid), this.knowledge.everythingIn(tx, conversationSid),
    ]);
    return { messages, deliveries, transitions, turns, toolCalls, citations };
  }
}
