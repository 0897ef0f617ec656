import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { notFound } from '@throughline/kernel/errors.js';
import { isUuid } from '@throughline/kernel/ids.js';
import { Seal } from '@throughline/kernel/seal.js';
import { MailHosts, type MailServer } from '@throughline/mail/hosts.js';
import { ImapErrands, ImapFolder } from '@throughline/mail/imap.js';
import { AppConfig } from '../app.config.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import type { Fate, Mailbox, MailEntry, NewMailbox, ServerSettings } from './email.types.js';
import { MailboxesRepository } from './mailboxes.repository.js';
import { MailsRepository } from './mails.repository.js';

export interface Passwords {
  imap: string;
  smtp: string;
}

type Change = Partial<NewMailbox & { enabled: boolean; passwords: Partial<Passwords> }>;

/** What a secret is sealed for: it opens for this server of this mailbox and nothing else. */
const place = (id: string, server: 'imap' | 'smtp'): string => `mailbox/${id}/${server}`;

/** The tenant's mailboxes, and the way to their servers. */
@Injectable()
export class MailboxesService {
  readonly hosts: MailHosts;
  private readonly seal: Seal;
  private readonly mailboxes = new MailboxesRepository();
  private readonly mails = new MailsRepository();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly tenancy: TenancyService,
    config: AppConfig,
  ) {
    this.seal = new Seal(config.secretsKey);
    this.hosts = new MailHosts(config.mailPrivateHosts);
  }

  /** @throws HubError `mail_host_refused`; `sender_taken` when any tenant of the account has this address */
  async add(tenantId: string, wanted: NewMailbox, passwords: Passwords): Promise<Mailbox> {
    await this.checkHosts(wanted.imap, wanted.smtp);
    const { id } = await this.tenancy.addSender(tenantId, { channel: 'email', address: wanted.address, origin: 'api', label: wanted.senderName });
    const at = this.clock.now();
    const mailbox: Mailbox = {
      ...wanted, id, tenantId, imapPassword: this.seal.close(passwords.imap, place(id, 'imap')), smtpPassword: this.seal.close(passwords.smtp, place(id, 'smtp')),
      enabled: true, createdAt: at, changedAt: at, readAt: null, failures: 0, trouble: null,
    };
    await this.database.transaction(tenantId, (tx) => this.mailboxes.insert(tx, mailbox)).catch(async (error: unknown) => {
      await this.tenancy.removeSender(tenantId, id);
      throw error;
    });
    return mailbox;
  }

  async change(tenantId: string, id: string, { passwords, ...change }: Change): Promise<Mailbox> {
    if (change.imap ?? change.smtp) await this.checkHosts(...[change.imap, change.smtp].filter((server) => server !== undefined));
    return this.database.transaction(tenantId, async (tx) => {
      const present = await this.lockedOrNone(tx, id);
      const changed: Mailbox = {
        ...present, ...change, changedAt: this.clock.now(),
        imapPassword: passwords?.imap === undefined ? present.imapPassword : this.seal.close(passwords.imap, place(id, 'imap')),
        smtpPassword: passwords?.smtp === undefined ? present.smtpPassword : this.seal.close(passwords.smtp, place(id, 'smtp')),
      };
      this.mailboxes.update(tx, changed, changed.changedAt, changed.folder !== present.folder || changed.imap.host !== present.imap.host || changed.imap.user !== present.imap.user);
      return { ...changed, failures: 0, trouble: null };
    });
  }

  /** Nothing is read or sent by it any more. What was said by it stays. */
  async remove(tenantId: string, id: string): Promise<void> {
    const removed = isUuid(id) && await this.database.transaction(tenantId, (tx) => this.mailboxes.remove(tx, id));
    if (!removed) throw notFound('mailbox', id);
    await this.tenancy.removeSender(tenantId, id).catch(() => undefined); // the operator may have removed or moved the sender before
  }

  list(tenantId: string, after: { at: Date; id: string } | null, limit: number): Promise<Mailbox[]> {
    return this.database.transaction(tenantId, (tx) => this.mailboxes.list(tx, after, limit));
  }

  async mailbox(tenantId: string, id: string): Promise<Mailbox> {
    const found = isUuid(id) ? await this.database.transaction(tenantId, (tx) => this.mailboxes.find(tx, id)) : null;
    if (found?.tenantId !== tenantId) throw notFound('mailbox', id);
    return found;
  }

  /** The tenant's mailbox at this address, as long as the address is one of its senders. */
  async at(tenantId: string, address: string): Promise<Mailbox | null> {
    const mailbox = await this.database.transaction(tenantId, (tx) => this.mailboxes.at(tx, address));
    return mailbox?.enabled && (await this.isOurs(mailbox)) ? mailbox : null;
  }

  /** An operator may have taken the sender away, or given it to another tenant. */
  async isOurs({ id, tenantId, address }: Pick<Mailbox, 'id' | 'tenantId' | 'address'>): Promise<boolean> {
    return (await this.tenancy.sender(tenantId, 'email', address))?.id === id;
  }

  /** Its folder of what comes in. @throws when the server cannot be reached */
  open(mailbox: Mailbox): Promise<ImapFolder> {
    return ImapFolder.open(this.imapOf(mailbox), this.hosts, mailbox.folder);
  }

  errands(mailbox: Mailbox): ImapErrands {
    return new ImapErrands(this.imapOf(mailbox), this.hosts);
  }

  /** @throws HubError `secret_unreadable` */
  imapOf({ id, imap, imapPassword }: Mailbox): MailServer {
    return { ...imap, password: this.seal.open(imapPassword, place(id, 'imap')) };
  }

  /** @throws HubError `secret_unreadable` */
  smtpOf({ id, smtp, smtpPassword }: Mailbox): MailServer {
    return { ...smtp, password: this.seal.open(smtpPassword, place(id, 'smtp')) };
  }

  /** Marks addresses that answers come to. */
  readonly sign = (text: string): Buffer => this.seal.sign(text, 'reply address');

  /** Mails that came to it, oldest first. */
  async mailsOf(tenantId: string, id: string, filter: { fate: Fate | null; after: { at: Date; id: string } | null; limit: number }): Promise<MailEntry[]> {
    await this.mailbox(tenantId, id);
    return this.database.transaction(tenantId, (tx) => this.mails.list(tx, id, filter));
  }

  private async lockedOrNone(tx: Tx, id: string): Promise<Mailbox> {
    const found = isUuid(id) ? await this.mailboxes.lock(tx, id) : null;
    if (found?.tenantId !== tx.tenantId) throw notFound('mailbox', id);
    return found;
  }

  /** A name that does not resolve today may do so tomorrow; one that leads inside is refused at once. */
  private async checkHosts(...servers: ServerSettings[]): Promise<void> {
    for (const server of servers) await this.hosts.reach(server);
  }
}
