import { Injectable } from '@nestjs/common';
import { Database } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import type { Mail } from '@throughline/mail/mail.js';
import { ContactsService } from '../contacts/contacts.service.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import type { Message, MessageDetails } from '../conversations/conversations.types.js';
import { DeliveryService } from '../delivery/delivery.service.js';
import type { Mailbox } from './email.types.js';
import { MailboxesService } from './mailboxes.service.js';
import { bySubject, deliveryTagged, messageIdOf, oursAmong } from './threading.policy.js';

/** So far back a mail without references, and a talk of programs, is looked for. */
const RECENT = 50;

/** Which mail of ours somebody answers. */
@Injectable()
export class ThreadsService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly contacts: ContactsService,
    private readonly conversations: ConversationsService,
    private readonly delivery: DeliveryService,
    private readonly mailboxes: MailboxesService,
  ) {}

  /** What was said with somebody of late, oldest first; empty for a stranger. */
  with(tenantId: string, address: string): Promise<Message[]> {
    return this.database.transaction(tenantId, async (tx) => {
      const contact = await this.contacts.whoWrote(tx, { channel: 'email', address });
      const sid = contact && (await this.conversations.sidOf(tx, contact.id));
      return sid ? this.conversations.latestIn(tx, sid, { limit: RECENT }) : [];
    });
  }

  /**
   * By its references, else by the address that it was sent to, else by its subject. Only a mail of ours that went to the same address:
   * somebody else to whom it was forwarded begins a thread of their own.
   */
  async answeredBy(mailbox: Mailbox, mail: Mail, address: string, thread: Message[]): Promise<NonNullable<MessageDetails['repliesTo']> | null> {
    const sentTo = [...mail.to, ...mail.header('delivered-to'), ...mail.header('x-original-to')].map((to) => to.toLowerCase());
    const tagged = deliveryTagged(sentTo, mailbox.address, this.mailboxes.sign);
    const candidates = [...oursAmong(mail.references), ...(tagged ? [messageIdOf(tagged, mailbox)] : [])];
    for (const providerSid of candidates) {
      const message = await this.delivery.messageOf(mailbox.tenantId, providerSid);
      if (message?.address === address) return { messageId: message.id, providerSid };
    }
    const alike = bySubject(mail, thread, address, this.clock.now());
    return alike && { messageId: alike.id, providerSid: '' };
  }
}
