import type { MailFault } from './faults.js';
import type { Letter } from './letters.js';
import { type MailboxSettings, SimulatedMailbox } from './mailbox.js';
import type { Habit, PersonMail } from './people.js';
import { addressIn, type PostOffice } from './post-office.js';

export interface Person {
  address: string;
  habit: Habit;
  /** Oldest first. */
  mails: PersonMail[];
}

/** How somebody answers the newest mail that they got. */
export interface Answer {
  from: string;
  text: string;
  /** As mail programs do that keep neither References nor In-Reply-To. */
  dropHeaders?: boolean;
  /** To where the mail came from, whatever it says of where answers should go. */
  ignoreReplyTo?: boolean;
}

/** What tests and the page of phones may do with the simulated mail. */
export class MailControl {
  private renumbered = 0;

  constructor(private readonly office: PostOffice) {}

  async addMailbox(settings: MailboxSettings): Promise<{ address: string; imapPort: number; smtpPort: number }> {
    const uidValidity = Math.floor(this.office.clock.ms() / 1_000) + (this.renumbered += 1);
    const mailbox = await SimulatedMailbox.open(settings, uidValidity);
    this.office.open(mailbox);
    return { address: settings.address, imapPort: mailbox.imapPort, smtpPort: (this.office.smtp.server.address() as { port: number }).port };
  }

  mailbox(address: string): SimulatedMailbox {
    const found = this.office.mailboxes.get(address);
    if (!found) throw new Error(`There is no mailbox ${address}`);
    return found;
  }

  mailboxes(): string[] {
    return [...this.office.mailboxes.keys()];
  }

  /** @returns the mail's Message-ID */
  write(letter: Letter): Promise<string> {
    return this.office.write(letter);
  }

  answer({ from, text, dropHeaders, ignoreReplyTo }: Answer): Promise<string> {
    const mail = this.office.people.of(from).findLast(({ direction }) => direction === 'received');
    if (!mail) throw new Error(`${from} has got no mail that could be answered`);
    const quoted = mail.text.split('\n').map((line) => `> ${line}`).join('\n');
    return this.office.write({
      from, to: addressIn((ignoreReplyTo ? null : mail.replyTo) ?? mail.from), subject: /^re:/i.test(mail.subject) ? mail.subject : `Re: ${mail.subject}`,
      text: `${text}\n\nOn Mon, Jan 5, 2026 at 9:00 AM ${mail.from} wrote:\n${quoted}\n`,
      ...(dropHeaders ? {} : { inReplyTo: mail.messageId, references: [...mail.references, mail.messageId] }),
    });
  }

  people(): string[] {
    return this.office.people.all();
  }

  person(address: string): Person {
    return { address, habit: this.office.people.habitOf(address), mails: this.office.people.of(address) };
  }

  setHabit(address: string, habit: Habit): void {
    this.office.people.setHabit(address, habit);
  }

  fault(fault: MailFault): void {
    this.office.faults.add(fault);
  }

  faults(): readonly MailFault[] {
    return this.office.faults.list();
  }

  clearFaults(): void {
    this.office.faults.clear();
  }

  /** Called after each mail that was brought somewhere. */
  listen(listener: () => void): () => void {
    return this.office.listen(listener);
  }
}
