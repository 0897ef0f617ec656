import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import type { Message } from '../conversations/conversations.types.js';
import { DeliveryService } from '../delivery/delivery.service.js';
import { MediaService } from '../media/media.service.js';
import { MirrorService } from '../mirror/mirror.service.js';
import { StoresService } from './stores.service.js';

/** Takes away what is too old. Twilio's copies and the files of attachments go first: what is still here is found again after a crash. */
@Injectable()
export class PurgingService {
  constructor(
    private readonly database: Database,
    private readonly conversations: ConversationsService,
    private readonly delivery: DeliveryService,
    private readonly mirror: MirrorService,
    private readonly media: MediaService,
    private readonly stores: StoresService,
  ) {}

  /** Facts of all contacts. */
  async facts(tenantId: string, before: Date): Promise<void> {
    await this.database.transaction(tenantId, (tx) => this.stores.eraseOlderFacts(tx, before));
  }

  /** @returns how many, `most` at most */
  expiredVisitors(tenantId: string, most: number): Promise<number> {
    return this.database.transaction(tenantId, (tx) => this.stores.removeExpiredVisitors(tx, most));
  }

  idleContacts(tenantId: string, since: Date, limit: number): Promise<string[]> {
    return this.database.transaction(tenantId, (tx) => this.conversations.leaving.contactsIdleSince(tx, since, limit));
  }

  /** The words of the oldest messages of one conversation, with all that quotes them. @returns how many messages; 0 when none is too old */
  async messages(tenantId: string, before: Date, limit: number): Promise<number> {
    const { messages, sids } = await this.database.transaction(tenantId, async (tx) => {
      const oldest = await this.conversations.leaving.oldest(tx, before, limit);
      return { messages: oldest, sids: await this.sidsOf(tx, oldest) };
    });
    if (messages.length === 0) return 0;
    for (const { channel, sid } of sids) await this.delivery.removeCopy(channel, sid);
    for (const message of messages) await this.mirror.removeMessage(message);
    await this.attachments(tenantId, messages);
    await this.database.transaction(tenantId, (tx) => this.stores.purge(tx, messages, before));
    return messages.length;
  }

  private async attachments(tenantId: string, messages: readonly Message[]): Promise<void> {
    const attached = messages.filter(({ media }) => media.length > 0);
    const [first] = attached;
    if (!first) return;
    await this.database.transaction(tenantId, async (tx) => {
      for (const { id } of attached) this.conversations.lockMessage(tx, id);
      await this.media.erase(tx, first.conversationSid, attached);
    });
    await this.media.removeFiles(tenantId, first.conversationSid, attached.map(({ id }) => id));
  }

  private async sidsOf(tx: Tx, messages: readonly Message[]): Promise<{ channel: string; sid: string }[]> {
    const received = messages.flatMap(({ direction, channel, providerSid }) => (direction === 'inbound' && providerSid ? [{ channel, sid: providerSid }] : []));
    return [...received, ...(await this.delivery.providerSids(tx, { messageIds: messages.map(({ id }) => id) }))];
  }
}
