import { Injectable } from '@nestjs/common';
import { Database } from '@throughline/database/database.js';
import { HubError, notFound } from '@throughline/kernel/errors.js';
import { isUuid } from '@throughline/kernel/ids.js';
import type { Mail, MailPart } from '@throughline/mail/mail.js';
import { MailReader } from '@throughline/mail/reader.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import { type Mailbox, type MailEntry, MOST_MAIL_BYTES } from './email.types.js';
import { placeOfMedia } from './inbound.parser.js';
import { MailboxesRepository } from './mailboxes.repository.js';
import { MailboxesService } from './mailboxes.service.js';
import { MailsRepository } from './mails.repository.js';
import { ofMessageId } from './threading.policy.js';

/** What stays in the mailboxes: fetched for what is attached and for staff, and removed with the person. */
@Injectable()
export class CopiesService {
  /** Of the addresses of attachments. */
  readonly protocol = 'mail:';
  private readonly rows = new MailboxesRepository();
  private readonly mails = new MailsRepository();

  constructor(
    private readonly database: Database,
    private readonly reader: MailReader,
    private readonly conversations: ConversationsService,
    private readonly mailboxes: MailboxesService,
  ) {}

  /** An attachment's bytes. @throws HubError `media_gone`; `media_too_large`; `mail_unreachable` where another try may bring it */
  async fetch(tenantId: string, url: string, mostBytes: number): Promise<MailPart> {
    const place = placeOfMedia(url);
    const mail = place && (await this.read(tenantId, place));
    const file = mail?.files[place?.position ?? 0];
    if (!file) throw new HubError('not_found', 'media_gone', 'The mail is not in its mailbox any more.');
    if (file.bytes.length > mostBytes) throw new HubError('too_large', 'media_too_large', `It is larger than ${Math.floor(mostBytes / 1_000_000)} MB.`);
    return file;
  }

  /** A message's mail as it came, all of it. @throws HubError `not_found`, also when it is not in its mailbox any more */
  async whole(tenantId: string, messageId: string): Promise<Mail> {
    const message = isUuid(messageId) ? await this.database.transaction(tenantId, (tx) => this.conversations.messageIn(tx, messageId)) : null;
    const places = message?.providerSid ? await this.placesOf(message.providerSid, tenantId) : [];
    for (const place of places) {
      const mail = await this.read(tenantId, place);
      if (mail) return mail;
    }
    throw notFound('mail of message', messageId);
  }

  /**
   * Removes a mail where it came in, or our copy of one that was sent. Nothing happens when it is gone, when its mailbox is, or when
   * staff has moved it: what they keep elsewhere is theirs to remove.
   */
  async remove(providerSid: string): Promise<void> {
    const sent = ofMessageId(providerSid);
    if (sent) {
      const mailbox = await this.mailboxIn(sent.mailboxId);
      if (mailbox) await this.mailboxes.errands(mailbox).removeSent(mailbox.sentFolder, providerSid);
      return;
    }
    for (const { mailboxId, uidValidity, uid } of await this.placesOf(providerSid, null)) {
      const mailbox = await this.mailboxIn(mailboxId);
      if (mailbox) await this.mailboxes.errands(mailbox).remove(mailbox.folder, uidValidity, uid);
    }
  }

  private async read(tenantId: string, { mailboxId, uidValidity, uid }: Pick<MailEntry, 'mailboxId' | 'uidValidity' | 'uid'>): Promise<Mail | null> {
    const mailbox = await this.mailboxIn(mailboxId);
    if (mailbox?.tenantId !== tenantId) return null;
    const folder = await this.mailboxes.open(mailbox);
    try {
      const raw = folder.uidValidity === uidValidity ? await folder.source(uid, MOST_MAIL_BYTES) : null;
      return raw && (await this.reader.read(raw));
    } finally {
      await folder.close();
    }
  }

  private async placesOf(providerSid: string, tenantId: string | null): Promise<MailEntry[]> {
    const places = await this.database.asSystem((tx) => this.mails.placesOf(tx, providerSid));
    return places.filter((place) => tenantId === null || place.tenantId === tenantId);
  }

  private mailboxIn(id: string): Promise<Mailbox | null> {
    return this.database.asSystem((tx) => this.rows.find(tx, id));
  }
}
