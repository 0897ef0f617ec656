import { Injectable, Logger } from '@nestjs/common';
import { Clock } from '@throughline/kernel/clock.js';
import { HubError } from '@throughline/kernel/errors.js';
import type { Mail } from '@throughline/mail/mail.js';
import { MailReader } from '@throughline/mail/reader.js';
import { ConversationsService } from '../conversations/conversations.service.js';
import type { InboundMessage } from '../conversations/conversations.types.js';
import { TenancyService } from '../tenancy/tenancy.service.js';
import { automaticSign, isReport, reportedStatus, unansweredFor } from './automatic.policy.js';
import type { Fate, Mailbox, MailPlace } from './email.types.js';
import { inboundOf } from './inbound.parser.js';
import { MailAlertsService } from './mail-alerts.service.js';
import { isProved } from './proof.policy.js';
import { answersTooOften, reportedIn } from './threading.policy.js';
import { ThreadsService } from './threads.service.js';

export interface Taken {
  fate: Fate;
  providerSid: string | null;
  reason: string | null;
}

const REPORT: Taken = { fate: 'report', providerSid: null, reason: null };

/** A mail that has come: whose it is, what it answers, and into the record with it. Twice is once. */
@Injectable()
export class ReceivingService {
  private readonly log = new Logger('E-mail');

  constructor(
    private readonly clock: Clock,
    private readonly reader: MailReader,
    private readonly tenancy: TenancyService,
    private readonly conversations: ConversationsService,
    private readonly alerts: MailAlertsService,
    private readonly threads: ThreadsService,
  ) {}

  /** @throws HubError where another try may succeed */
  async take(mailbox: Mailbox, place: MailPlace, raw: Buffer): Promise<Taken> {
    try {
      return await this.takeMail(mailbox, place, raw, await this.reader.read(raw));
    } catch (error) {
      if (!(error instanceof HubError) || error.code !== 'mail_unreadable') throw error;
      return { fate: 'set_aside', providerSid: null, reason: error.message };
    }
  }

  private async takeMail(mailbox: Mailbox, place: MailPlace, raw: Buffer, mail: Mail): Promise<Taken> {
    if (isReport(mail)) return this.takeReport(mailbox, mail);
    const { from } = mail;
    if (!from) return { fate: 'set_aside', providerSid: null, reason: 'It does not name one author' };
    if (await this.tenancy.sender(mailbox.tenantId, 'email', from.address)) return { fate: 'own', providerSid: null, reason: null };
    const automatic = automaticSign(mail, mailbox);
    const inbound = inboundOf(mailbox.tenantId, {
      mail: { ...mail, from }, mailbox, place, cutOff: raw.length < place.size, proved: isProved(mail, mailbox.authservId), automatic,
    });
    const receivedAt = new Date(Math.min(place.receivedAt.getTime(), this.clock.ms()));
    return this.receive(mailbox, mail, { ...inbound, receivedAt }, automatic);
  }

  private async receive(mailbox: Mailbox, mail: Mail, inbound: InboundMessage, automatic: string | null): Promise<Taken> {
    const tenant = await this.tenancy.tenant(mailbox.tenantId);
    const thread = await this.threads.with(mailbox.tenantId, inbound.address);
    const answered = await this.threads.answeredBy(mailbox, mail, inbound.address, thread);
    const now = this.clock.now();
    const outcome = await this.conversations.receive(tenant, {
      ...inbound, ...unansweredFor({ automatic, tooOften: answersTooOften(thread, inbound.address, now), ageMs: now.getTime() - inbound.receivedAt.getTime() }),
      details: { ...inbound.details!, ...(answered ? { repliesTo: answered } : {}) },
    });
    this.log.log(`${mailbox.id} ${inbound.providerSid}: ${outcome.outcome}${automatic ? `, automatic by ${automatic}` : ''}`);
    return { fate: outcome.outcome === 'duplicate' ? 'duplicate' : 'received', providerSid: inbound.providerSid, reason: null };
  }

  /** What a server says of a mail of ours becomes its delivery's receipt, or fails an alert. Of any other mail it says nothing to us. */
  private async takeReport(mailbox: Mailbox, mail: Mail): Promise<Taken> {
    const reported = reportedStatus(mail);
    if (!reported) return REPORT;
    for (const { deliveryId, providerSid } of reportedIn(mail, mailbox.id)) {
      const known = await this.alerts.reported(mailbox.tenantId, deliveryId, { providerSid, errorCode: null, ...reported });
      this.log.log(`${mailbox.id}: delivery ${deliveryId} is reported as ${reported.status}${known ? '' : ', which is none of ours'}`);
    }
    return REPORT;
  }
}
