import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import type { Message } from '../conversations/conversations.types.js';
import { DeliveryService } from '../delivery/delivery.service.js';
import { MemoryService } from '../memory/memory.service.js';
import { MirrorService } from '../mirror/mirror.service.js';
import { QuotesService } from './quotes.service.js';

/** Takes away what is too old. Twilio's copies go first: what is still here is found again after a crash. */
@Injectable()
export class PurgingService {
  constructor(
    private readonly database: Database,
    private readonly conversations: ConversationsService,
    private readonly delivery: DeliveryService,
    private readonly memory: MemoryService,
    private readonly mirror: MirrorService,
    private readonly quotes: QuotesService,
  ) {}

  /** Facts of all contacts. */
  async facts(tenantId: string, before: Date): Promise<void> {
    await this.database.transaction(tenantId, (tx) => this.memory.eraseOlderFacts(tx, before));
  }

  idleContacts(tenantId: string, since: Date, limit: number): Promise<string[]> {
    return this.database.transaction(tenantId, (tx) => this.conversations.contactsIdleSince(tx, since, limit));
  }

  /** The words of the oldest messages of one conversation, with all that quotes them. @returns how many messages; 0 when none is too old */
  async messages(tenantId: string, before: Date, limit: number): Promise<number> {
    const { messages, sids } = await this.database.transaction(tenantId, async (tx) => {
      const oldest = await this.conversations.oldest(tx, before, limit);
      return { messages: oldest, sids: await this.sidsOf(tx, oldest) };
    });
    const last = messages.at(-1);
    if (!last) return 0;
    for (const { channel, sid } of sids) await this.delivery.removeCopy(channel, sid);
    for (const message of messages) await this.mirror.removeMessage(message);
    await this.database.transaction(tenantId, async (tx) => {
      await this.conversations.purge(tx, messages, before);
      this.delivery.purge(tx, messages.map(({ id }) => id));
      this.memory.purge(tx, last.conversationSid, last.seq);
      await this.quotes.purge(tx, last.conversationSid, before);
    });
    return messages.length;
  }

  private async sidsOf(tx: Tx, messages: readonly Message[]): Promise<{ channel: string; sid: string }[]> {
    const received = messages.flatMap(({ direction, channel, providerSid }) => (direction === 'inbound' && providerSid ? [{ channel, sid: providerSid }] : []));
    return [...received, ...(await this.delivery.providerSidsOf(tx, messages.map(({ id }) => id)))];
  }
}
