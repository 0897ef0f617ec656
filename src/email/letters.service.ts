import { Injectable } from '@nestjs/common';
import { Database } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { composeMail } from '@throughline/mail/compose.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import type { Delivery } from '../delivery/delivery.types.js';
import { MediaService } from '../media/media.service.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import type { Mailbox } from './email.types.js';
import { MailboxesService } from './mailboxes.service.js';
import { MailsRepository } from './mails.repository.js';
import { draftOf } from './outbound.policy.js';
import { answeredBy, tagOf } from './threading.policy.js';

/** So far back the mail that is answered is looked for. */
const RECENT = 50;

/** Writes the mail that a delivery goes out as, and remembers whether a server may have it. */
@Injectable()
export class LettersService {
  private readonly mails = new MailsRepository();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly tenancy: TenancyService,
    private readonly conversations: ConversationsService,
    private readonly mailboxes: MailboxesService,
    private readonly media: MediaService,
  ) {}

  /** @throws HubError `media_not_here` when a file of it was erased */
  async write(delivery: Delivery, mailbox: Mailbox): Promise<Buffer> {
    const { tenantId, conversationSid, messageId, address } = delivery;
    const tenant = await this.tenancy.tenant(tenantId);
    const { message, before } = await this.database.transaction(tenantId, async (tx) => {
      const message = await this.conversations.messageIn(tx, messageId);
      const before = message ? await this.conversations.latestIn(tx, conversationSid, { limit: RECENT, beforeSeq: message.seq }) : [];
      return { message, before };
    });
    const files = await this.media.outgoing.filesOf(tenantId, messageId, delivery.files);
    const attachments = await Promise.all(files.map(async ({ filename, contentType, position, bytes }) => ({ filename: filename ?? `file-${position + 1}`, contentType, content: await bytes() })));
    return composeMail(draftOf({
      delivery, message: message ?? { authorKind: 'system' }, mailbox, businessName: tenant.settings.businessName ?? tenant.name, answered: answeredBy(before, address),
      tag: tagOf(delivery.id, this.mailboxes.sign), now: this.clock.now(),
    }), attachments);
  }

  /** Before the server gets the end of it. Waits for the disk: what is forgotten here may be sent twice. */
  noteHandover({ tenantId, id }: Pick<Delivery, 'tenantId' | 'id'>, at: Date): Promise<void> {
    return this.database.transaction(tenantId, (tx) => this.mails.noteHandover(tx, id, at));
  }

  forgetHandover({ tenantId, id }: Pick<Delivery, 'tenantId' | 'id'>): Promise<void> {
    return this.database.transaction(tenantId, (tx) => this.mails.forgetHandover(tx, id));
  }

  handedOverAt({ tenantId, id }: Pick<Delivery, 'tenantId' | 'id'>): Promise<Date | null> {
    return this.database.transaction(tenantId, (tx) => this.mails.handedOverAt(tx, id));
  }
}
