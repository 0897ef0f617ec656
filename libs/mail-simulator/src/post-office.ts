import type { Clock } from '@throughline/kernel/clock.js';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import { type MailFault, MailFaults } from './faults.js';
import { bounceOf, composed, type Letter, MX, type Proof, stamped } from './letters.js';
import type { SimulatedMailbox } from './mailbox.js';
import type { People, PersonMail } from './people.js';

type Done = (error?: Error | null) => void;

/** Takes mails in by SMTP, and brings each to the mailbox or the person that it is for. */
export class PostOffice {
  readonly faults = new MailFaults();
  readonly mailboxes = new Map<string, SimulatedMailbox>();
  readonly smtp: SMTPServer;
  private readonly listeners = new Set<() => void>();
  private count = 0;

  constructor(
    readonly people: People,
    readonly clock: Clock,
  ) {
    this.smtp = new SMTPServer({
      name: MX, authMethods: ['PLAIN', 'LOGIN'], allowInsecureAuth: true, disabledCommands: ['STARTTLS'], disableReverseLookup: true, logger: false, closeTimeout: 100,
      onAuth: ({ username, password }, _session, done) => {
        const known = this.mailboxes.get(username ?? '')?.settings.password === password;
        done(known ? null : new Error('5.7.8 Authentication failed'), known ? { user: username } : undefined);
      },
      onMailFrom: ({ address }, session, done) => {
        const own = bare(address) === session.user;
        done(own ? this.refusal('MAIL') : reply(553, '5.7.1 Sender address rejected: not owned by user'));
      },
      onRcptTo: (_address, _session, done) => done(this.refusal('RCPT')),
      onData: (stream, session, done) => void this.take(stream, session, done),
    });
    this.smtp.on('error', () => undefined); // a client that hangs up is one of the things that are tried here
  }

  /** Somebody outside writes a mail. @returns its Message-ID */
  async write(letter: Letter): Promise<string> {
    const { from, to, raw: given, proof = 'pass' } = letter;
    const messageId = letter.messageId ?? `<${(this.count += 1)}.${this.clock.ms()}@${from.split('@')[1] ?? 'unknown.test'}>`;
    const raw = given === undefined ? await composed(letter, messageId, this.clock.now()) : Buffer.from(given, 'latin1');
    await this.people.add(from, 'sent', bare(to), raw, this.clock.now());
    await this.bring(raw, { from, to, proof });
    return messageId;
  }

  /** With what came to it before: a mail server forgets nothing when its process ends. */
  open(mailbox: SimulatedMailbox): void {
    const { address } = mailbox.settings;
    for (const { from, raw, at } of this.people.sentTo(address)) mailbox.put('INBOX', stamped(raw, { from, to: address, proof: 'pass', clock: this.clock }), at);
    this.mailboxes.set(address, mailbox);
  }

  /** Called after each mail that was brought somewhere. */
  listen(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  private refusal(at: 'MAIL' | 'RCPT' | 'DATA'): Error | null {
    const fault = this.faults.take((one) => one.kind === 'reply' && one.at === at);
    return fault?.kind === 'reply' ? reply(fault.code, fault.text) : null;
  }

  private async take(stream: SMTPServerDataStream, session: SMTPServerSession, done: Done): Promise<void> {
    const parts: Buffer[] = [];
    try {
      for await (const part of stream) parts.push(part as Buffer);
    } catch {
      return done(new Error('The client hung up in the middle'));
    }
    const refusal = this.refusal('DATA');
    if (refusal) return done(refusal);
    const drop = this.faults.take(({ kind }) => kind === 'drop') as Extract<MailFault, { kind: 'drop' }> | null;
    if (!drop || drop.taken) await this.accept(Buffer.concat(parts), session);
    if (!drop) return done();
    for (const connection of this.smtp.connections) if (connection.id === session.id) connection.close();
  }

  private async accept(raw: Buffer, { envelope, user }: SMTPServerSession): Promise<void> {
    const from = envelope.mailFrom ? envelope.mailFrom.address : '';
    const sender = this.mailboxes.get(String(user));
    if (sender?.settings.filesSent) sender.put('Sent', raw, this.clock.now());
    for (const { address } of envelope.rcptTo) await this.bring(raw, { from, to: address.toLowerCase(), proof: 'pass' });
  }

  private async bring(raw: Buffer, { from, to, proof }: { from: string; to: string; proof: Proof }): Promise<void> {
    const mailbox = this.mailboxes.get(bare(to));
    if (mailbox) mailbox.put('INBOX', stamped(raw, { from, to, proof, clock: this.clock }), this.clock.now());
    else await this.arrive(raw, from, to);
    for (const listener of this.listeners) listener();
  }

  private async arrive(raw: Buffer, from: string, to: string): Promise<void> {
    const habit = this.people.habitOf(to);
    if (habit === 'bounces') return from === '' ? undefined : this.bring(bounceOf(raw, to, from, this.clock.now()), { from: '', to: from, proof: 'none' });
    const mail = await this.people.add(to, 'received', to, raw, this.clock.now());
    if (habit === 'vacation' && from !== '') await this.write(vacationOf(mail, to));
  }
}

function vacationOf(mail: PersonMail, from: string): Letter {
  return {
    from, to: addressIn(mail.replyTo ?? mail.from), subject: `Automatic reply: ${mail.subject}`, text: 'I am away until Monday.', inReplyTo: mail.messageId,
    references: [...mail.references, mail.messageId], headers: { 'Auto-Submitted': 'auto-replied' },
  };
}

/** `Ada <ada@x.test>` -> `ada@x.test` */
export const addressIn = (text: string): string => (/<([^>]+)>/.exec(text)?.[1] ?? text).trim().toLowerCase();

/** Without what stands behind a plus. */
const bare = (address: string): string => address.toLowerCase().replace(/\+[^@]*@/, '@');

const reply = (responseCode: number, text: string): Error => Object.assign(new Error(text), { responseCode });
