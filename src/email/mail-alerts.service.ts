import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '@throughline/kernel/clock.js';
import { describe } from '@throughline/kernel/errors.js';
import { reach } from '@throughline/kernel/points.js';
import { Seats } from '@throughline/kernel/seats.js';
import { composeMail } from '@throughline/mail/compose.js';
import { MailFailure } from '@throughline/mail/smtp-failures.js';
import { type SmtpLimits, submit } from '@throughline/mail/smtp.js';
import { jobCatalog } from '@throughline/queues/job-catalog.js';
import { TwilioFailure } from '@throughline/twilio/errors.js';
import { AlertingService } from '../alerting/alerting.service.js';
import type { AlertCarrier, From, Words } from '../alerting/alerting.types.js';
import { DeliveryService } from '../delivery/delivery.service.js';
import { EscalationService } from '../escalation/escalation.service.js';
import type { Attempt } from '../escalation/escalation.types.js';
import { alertDraft } from './outbound.policy.js';
import type { Mailbox } from './email.types.js';
import { LettersService } from './letters.service.js';
import { MailboxesService } from './mailboxes.service.js';
import { messageIdOf } from './threading.policy.js';

/** An alert does not wait for a slow server: whoever it is for is told some other way. In milliseconds. */
const LIMITS: SmtpLimits = { connect: 5_000, ready: 8_000, upload: () => 8_000, verdict: 15_000 };

/** Alerts of all channels share the workers of one job: half of them at the most send mails. */
const MOST_AT_ONCE = jobCatalog['escalation.alert'].concurrency / 2;
/** By one mailbox. */
const MOST_OF_ONE = 4;

/** Mails about incidents. None is filed among what the mailbox has sent: whoever reads there is not whom it is for. */
@Injectable()
export class MailAlertsService implements AlertCarrier, OnModuleInit {
  readonly createMs = 40_000;
  /** Twice what the server may take, and what it takes to look among what was sent. */
  readonly leaseMs = 60_000;
  /** A server that takes its time keeps neither the texts and calls of all from leaving, nor the mails of other tenants. */
  readonly seats = new Seats(MOST_AT_ONCE, MOST_OF_ONE);

  constructor(
    private readonly clock: Clock,
    private readonly mailboxes: MailboxesService,
    private readonly letters: LettersService,
    private readonly alerting: AlertingService,
    private readonly escalation: EscalationService,
    private readonly delivery: DeliveryService,
  ) {}

  onModuleInit(): void {
    this.alerting.carryMailsBy(this);
  }

  /** Anybody may write in somebody's name: without a server that vouches for whoever writes, no reply takes anything. */
  async provesReplies({ tenantId }: Attempt, { address }: From): Promise<boolean> {
    return Boolean((await this.mailboxes.at(tenantId, address))?.authservId);
  }

  async create(attempt: Attempt, from: From, words: Words): Promise<string> {
    const mailbox = await this.mailboxOf(attempt, from);
    const raw = await composeMail(alertDraft(attempt, mailbox, words, this.clock.now()), []);
    const onHandover = async (): Promise<void> => {
      await this.letters.noteHandover(attempt, this.clock.now());
      await reach('mail.handed_over');
    };
    try {
      await submit(this.mailboxes.smtpOf(mailbox), this.mailboxes.hosts, { from: mailbox.address, to: attempt.address, raw, onHandover }, LIMITS);
    } catch (error) {
      const failure = error instanceof MailFailure ? error : MailFailure.of(error);
      if (failure.kind !== 'ask') await this.letters.forgetHandover(attempt);
      throw new TwilioFailure(undefined, undefined, failure.kind, failure.message, { cause: failure });
    }
    return messageIdOf(attempt.id, mailbox);
  }

  /** Without a note of its hand-over no server has it. With one it may lie among what was sent; nobody knows where it does not, and they are told some other way. */
  async lost(attempt: Attempt, from: From): Promise<string | null> {
    if (!(await this.letters.handedOverAt(attempt))) return null;
    const mailbox = await this.mailboxOf(attempt, from);
    const providerSid = messageIdOf(attempt.id, mailbox);
    const seen = await this.isSent(mailbox, providerSid).catch((error: unknown) => describe(error));
    if (seen === 'found') return providerSid;
    throw new TwilioFailure(undefined, undefined, 'permanent', `Nobody knows whether the mail went out (${seen})`, { cause: undefined });
  }

  private async isSent(mailbox: Mailbox, providerSid: string): Promise<string> {
    return this.mailboxes.errands(mailbox).isSent(mailbox.sentFolder, providerSid);
  }

  /** What a server says of a mail of ours, whatever it was for. @returns false when it is none of ours */
  async reported(tenantId: string, id: string, receipt: Parameters<DeliveryService['recordReceipt']>[2]): Promise<boolean> {
    if (await this.delivery.recordReceipt(tenantId, id, receipt)) return true;
    if (receipt.status !== 'failed' && receipt.status !== 'undelivered') return false;
    return (await this.escalation.happened(tenantId, id, 'failed', 'the mail came back', receipt.providerSid)) !== null;
  }

  private async mailboxOf({ tenantId }: Attempt, { address }: From): Promise<Mailbox> {
    const mailbox = await this.mailboxes.at(tenantId, address);
    if (mailbox) return mailbox;
    throw new TwilioFailure(undefined, undefined, 'config', 'The mailbox is switched off', { cause: undefined });
  }
}
