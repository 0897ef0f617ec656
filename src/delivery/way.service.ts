import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { ContactsService } from '../contacts/contacts.service.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import type { Message } from '../conversations/conversations.types.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import type { Sender, SenderChannel } from '../tenancy/tenancy.types.js';
import { DeliveriesRepository } from './deliveries.repository.js';
import type { Delivery } from './delivery.types.js';
import { waitsForEarlier } from './precedence.policy.js';

export interface Way {
  message: Message;
  sender: Sender | null;
}

/** Why a text may not go out any more. */
export interface Withheld {
  event: 'opted_out' | 'withheld';
  cause: string;
}

/** The message, the sender it leaves by, and what stands in its way. */
@Injectable()
export class WayService {
  private readonly deliveries = new DeliveriesRepository();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly conversations: ConversationsService,
    private readonly contacts: ContactsService,
    private readonly tenancy: TenancyService,
  ) {}

  async of(tenantId: string, messageId: string): Promise<Way | null> {
    const message = await this.database.transaction(tenantId, (tx) => this.conversations.messageIn(tx, messageId));
    if (!message || message.direction !== 'outbound' || message.channel === 'internal') return null;
    const sender = message.sender ? await this.tenancy.sender(tenantId, message.channel as SenderChannel, message.sender) : null;
    return { message, sender };
  }

  /**
   * The person opted out, or people have spoken since the assistant said it. The house's own words, such as the
   * confirmation of a STOP, ask nobody.
   */
  async withheld(tx: Tx, message: Message, { channel, address, sender }: Delivery): Promise<Withheld | null> {
    if (message.authorKind === 'system') return null;
    const [mayWrite, cause] = await Promise.all([
      this.contacts.mayWrite(tx, channel, address, sender),
      message.authorKind === 'assistant' ? this.conversations.peopleSpokeSince(tx, message) : null,
    ]);
    if (!mayWrite) return { event: 'opted_out', cause: `${address} has opted out of messages from ${sender}` };
    return cause === null ? null : { event: 'withheld', cause };
  }

  /** When to look again, because an earlier message to the same address is still on its way; null when it is this one's turn. */
  async waitsUntil(tx: Tx, message: Message): Promise<Date | null> {
    const earlier = await this.conversations.underWayBefore(tx, message);
    if (earlier.length === 0) return null;
    const parts = await this.deliveries.underWay(tx, earlier.map(({ id }) => id));
    return waitsForEarlier(message, earlier, parts, this.clock.now());
  }
}
