import type { Answer } from '@throughline/mail-simulator/control.js';
import type { Letter } from '@throughline/mail-simulator/letters.js';
import type { PersonMail } from '@throughline/mail-simulator/people.js';
import type { MailSimulator } from '@throughline/mail-simulator/server.js';
import { eventually } from './eventually.js';

/** Our mailbox in most journeys. */
export const DESK = 'desk@clinic.test';

/** A person with a mail program. */
export class Correspondent {
  private readonly expected = new Set<number>();

  constructor(
    private readonly mail: MailSimulator,
    readonly address: string,
    private readonly ourMailbox: string,
  ) {}

  /** Writes to our mailbox. @returns the mail's Message-ID */
  writes(text: string, more: Partial<Letter> = {}): Promise<string> {
    return this.mail.control.write({ from: this.address, to: this.ourMailbox, subject: 'A question', text, ...more });
  }

  /** Answers the newest mail that they got, quoting it. */
  answers(text: string, how: Partial<Answer> = {}): Promise<string> {
    return this.mail.control.answer({ from: this.address, text, ...how });
  }

  /** Waits for a mail that has not been expected before and says this. */
  async expectsMail(pattern: RegExp, withinMs?: number): Promise<PersonMail> {
    const mail = await eventually(
      () => `a mail to ${this.address} like ${pattern}; got ${JSON.stringify(this.inbox().map(({ text }) => text))}`,
      () => this.inbox().find(({ id, text }) => !this.expected.has(id) && pattern.test(text)), withinMs,
    );
    this.expected.add(mail.id);
    return mail;
  }

  inbox(): PersonMail[] {
    return this.mail.control.person(this.address).mails.filter(({ direction }) => direction === 'received');
  }

  unexpected(): { to: string; body: string }[] {
    return this.inbox().filter(({ id }) => !this.expected.has(id)).map(({ text }) => ({ to: this.address, body: text }));
  }
}
