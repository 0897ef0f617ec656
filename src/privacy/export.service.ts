import { Injectable } from '@nestjs/common';
import type { Tx } from '@throughline/database/database.js';
import { ContactsService } from '../contacts/contacts.service.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import { MemoryService } from '../memory/memory.service.js';
import { StoresService } from './stores.service.js';

const NOTHING_SAID = { messages: [], attachments: [], deliveries: [], transitions: [], turns: [], toolCalls: [], citations: [] };

/** All that is kept of a person besides the contact itself. */
@Injectable()
export class ExportService {
  constructor(
    private readonly contacts: ContactsService,
    private readonly conversations: ConversationsService,
    private readonly memory: MemoryService,
    private readonly stores: StoresService,
  ) {}

  async of(tx: Tx, contactId: string): Promise<Record<string, unknown>> {
    const conversationSid = await this.conversations.sidOf(tx, contactId);
    const memory = await this.memory.everythingOf(tx, contactId, conversationSid);
    const said = conversationSid ? await this.stores.everythingIn(tx, conversationSid) : NOTHING_SAID;
    const whatsappWindows = await this.contacts.windowsOf(tx, contactId);
    return { conversationSid, whatsappWindows, ...said, ...memory };
  }
}
