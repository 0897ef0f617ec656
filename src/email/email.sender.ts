import { Logger } from '@nestjs/common';
import type { Clock } from '@throughline/kernel/clock.js';
import { describe, HubError } from '@throughline/kernel/errors.js';
import { reach } from '@throughline/kernel/points.js';
import { Seats } from '@throughline/kernel/seats.js';
import { MailFailure } from '@throughline/mail/smtp-failures.js';
import { submit } from '@throughline/mail/smtp.js';
import { TwilioFailure } from '@throughline/twilio/errors.js';
import type { BodyRules, ChannelSender, Delivery, Look, Receipt } from '../delivery/delivery.types.js';
import type { CopiesService } from './copies.service.js';
import type { Mailbox } from './email.types.js';
import type { LettersService } from './letters.service.js';
import type { MailboxesService } from './mailboxes.service.js';
import { messageIdOf } from './threading.policy.js';

/** Far more than anybody says in a mail; a mail is never cut in two. */
const MOST_CHARACTERS = 100_000;
/** As many as can be attached to a message. */
const MOST_FILES = 10;
/** What providers let a mailbox send is counted by the day, so this only keeps a runaway from spending it in a minute. */
const MESSAGES_PER_SECOND = 2;
/** Filing a copy may take so long. */
const FILING_MS = 8_000;
/** A mail that was handed over and is not filed may still be looked through by the server: it is absent only after so long. */
const SETTLED_MS = 5 * 60_000;
/** By one mailbox: a server that takes its time keeps no other channel from sending. */
const MOST_AT_ONCE = 4;
const LOOK_AGAIN_MS = 2_000;

/** Mails by the submission server of the mailbox that they come from. */
export class EmailSender implements ChannelSender {
  private readonly log = new Logger('E-mail');
  /** Of those that are being handed over, by mailbox. */
  private readonly seats = new Seats(Infinity, MOST_AT_ONCE);
  readonly channels = ['email'];
  readonly rules: BodyRules = { fits: (text) => text.length <= MOST_CHARACTERS, cost: () => 1, files: { atOnce: MOST_FILES, besideWords: () => true } };
  readonly messagesPerSecond = MESSAGES_PER_SECOND;

  constructor(
    private readonly clock: Clock,
    private readonly mailboxes: MailboxesService,
    private readonly letters: LettersService,
    private readonly copies: CopiesService,
  ) {}

  async send(delivery: Delivery): Promise<{ providerSid: string }> {
    const mailbox = await this.mailboxOf(delivery);
    return this.oneOfFew(mailbox, () => this.sendBy(mailbox, delivery));
  }

  private async sendBy(mailbox: Mailbox, delivery: Delivery): Promise<{ providerSid: string }> {
    const raw = await this.letters.write(delivery, mailbox).catch((error: unknown) => { throw unwritten(error); });
    const onHandover = async (): Promise<void> => {
      await this.letters.noteHandover(delivery, this.clock.now());
      await reach('mail.handed_over');
    };
    try {
      await submit(this.mailboxes.smtpOf(mailbox), this.mailboxes.hosts, { from: mailbox.address, to: delivery.address, raw, onHandover });
    } catch (error) {
      throw await this.failed(delivery, error);
    }
    if (!mailbox.filesSent) await this.file(mailbox, raw);
    return { providerSid: messageIdOf(delivery.id, mailbox) };
  }

  private async oneOfFew<T>(mailbox: Mailbox, work: () => Promise<T>): Promise<T> {
    if (!this.seats.take(mailbox.id)) throw new TwilioFailure(undefined, undefined, 'retry', 'Other mails of this mailbox are on their way to the server', { cause: undefined, retryAfterMs: LOOK_AGAIN_MS });
    try {
      return await work();
    } finally {
      this.seats.leave(mailbox.id);
    }
  }

  /**
   * SMTP cannot be asked. But before the server gets the end of a mail that is noted, so without a note it has none; with one it is looked
   * for among what was sent. There it is found; where the server itself files what it takes, it is surely not taken when it is not there
   * some minutes later; else nobody knows, and people are told.
   */
  async find(delivery: Delivery): Promise<Look> {
    const at = await this.letters.handedOverAt(delivery);
    if (!at) return { outcome: 'absent' };
    const mailbox = await this.mailboxOf(delivery);
    const providerSid = messageIdOf(delivery.id, mailbox);
    const seen = await this.mailboxes.errands(mailbox).isSent(mailbox.sentFolder, providerSid).catch((error: unknown) => {
      throw new TwilioFailure(undefined, undefined, 'ask', `Nobody knows whether it went out: ${describe(error)}`, { cause: error });
    });
    if (seen === 'found') return { outcome: 'found', providerSid };
    const isSettled = this.clock.ms() - at.getTime() >= SETTLED_MS;
    return { outcome: seen === 'absent' && mailbox.filesSent && isSettled ? 'absent' : 'unclear' };
  }

  /** Nobody tells what became of a mail but a server that could not deliver it, and that writes by itself. */
  async ask(): Promise<Receipt | null> {
    return null;
  }

  remove(providerSid: string): Promise<void> {
    return this.copies.remove(providerSid);
  }

  private async mailboxOf({ tenantId, sender }: Delivery): Promise<Mailbox> {
    const mailbox = await this.mailboxes.at(tenantId, sender);
    if (mailbox) return mailbox;
    throw new TwilioFailure(undefined, undefined, 'config', `There is no mailbox ${sender}, or it is switched off`, { cause: undefined });
  }

  private async failed(delivery: Delivery, error: unknown): Promise<TwilioFailure> {
    const failure = error instanceof MailFailure ? error : MailFailure.of(error);
    // The server has said that it does not have it; a later attempt that dies before its hand-over is certain again.
    if (failure.kind !== 'ask') await this.letters.forgetHandover(delivery);
    return new TwilioFailure(undefined, undefined, failure.kind, failure.message, { cause: failure });
  }

  /** So that staff finds it where they look for sent mails. That it is sent does not depend on it. */
  private async file(mailbox: Mailbox, raw: Buffer): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => (timer = setTimeout(() => reject(new Error('it took too long')), FILING_MS)));
    await Promise.race([this.mailboxes.errands(mailbox).fileSent(mailbox.sentFolder, raw), late])
      .catch((error: unknown) => this.log.warn(`Mailbox ${mailbox.id} has no copy of a mail that was sent: ${describe(error)}`))
      .finally(() => clearTimeout(timer));
  }
}

/** Nothing was handed over. What is gone stays gone; trouble with our own database is for another try. */
function unwritten(error: unknown): TwilioFailure {
  const kind = error instanceof HubError && !error.retryable ? 'permanent' : 'retry';
  return new TwilioFailure(undefined, undefined, kind, `The mail cannot be written: ${describe(error)}`, { cause: error });
}
