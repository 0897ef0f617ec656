import { Injectable, Logger } from '@nestjs/common';
import { Database } from '@throughline/database/database.js';
import { Clock } from '@throughline/kernel/clock.js';
import { describe } from '@throughline/kernel/errors.js';
import { uuidv7 } from '@throughline/kernel/ids.js';
import { withLogScope } from '@throughline/kernel/log.js';
import { reach } from '@throughline/kernel/points.js';
import type { ImapFolder } from '@throughline/mail/imap.js';
import { type Cursor, type Mailbox, type MailPlace, MOST_MAIL_BYTES } from './email.types.js';
import { MailboxesRepository } from './mailboxes.repository.js';
import { MailboxesService } from './mailboxes.service.js';
import { MailsRepository } from './mails.repository.js';
import { ReceivingService, type Taken } from './receiving.service.js';

/** Of a larger one the beginning, where its words are. */
const BEGINNING_BYTES = 256_000;
/** A server that does not tell of new mail is asked so often. */
const ASK_MS = 60_000;
/** A mail that could not be taken in so many times is set aside, so that it does not keep the others waiting. */
const MOST_TRIES = 5;
const DAY_MS = 86_400_000;
/** By which the clock of a mail server may be behind ours. */
const CLOCK_SKEW_MS = 60_000;
/** After a renumbering: as far back as the server's days and clocks may differ, and a mail may have been under way. */
const LOOK_BACK_MS = 2 * DAY_MS;
const UNDER_WAY_MS = 7 * DAY_MS;

/** Reads a mailbox for as long as it is told to. How far it is read is a row: it goes on there, and takes in nothing twice. */
@Injectable()
export class ReadingService {
  private readonly log = new Logger('E-mail');
  private readonly rows = new MailboxesRepository();
  private readonly mails = new MailsRepository();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly mailboxes: MailboxesService,
    private readonly receiving: ReceivingService,
  ) {}

  /** @throws when the mailbox cannot be read at present */
  follow(mailbox: Mailbox, signal: AbortSignal): Promise<void> {
    return withLogScope({ tenantId: mailbox.tenantId }, async () => {
      const folder = await this.mailboxes.open(mailbox);
      const wake = (): void => folder.wake();
      signal.addEventListener('abort', wake);
      try {
        while (!signal.aborted) {
          await this.readNew(mailbox, folder, signal);
          if (!signal.aborted) await folder.waitForNews(ASK_MS);
        }
      } finally {
        signal.removeEventListener('abort', wake);
        await folder.close();
      }
    });
  }

  private async readNew(mailbox: Mailbox, folder: ImapFolder, signal: AbortSignal): Promise<void> {
    const { tenantId } = mailbox;
    const cursor = await this.database.transaction(tenantId, (tx) => this.rows.cursor(tx, mailbox));
    if (!cursor) return;
    const begunAt = this.clock.now();
    if (cursor.uidValidity === folder.uidValidity) await this.takeAll(mailbox, folder, await folder.after(cursor.lastUid), signal);
    else await this.beginAnew(mailbox, folder, cursor, signal);
    if (!signal.aborted) await this.database.note(tenantId, (tx) => this.rows.noteRead(tx, mailbox, begunAt));
  }

  /**
   * At the first sight of a folder only what came since it was named is read. Later the server has numbered its mails anew: those of the time
   * since it was last read, and somewhat before, are looked at again, and what the record has is not taken in twice. Until all of them have
   * been, it begins anew each time, and goes past those that it has decided about.
   */
  private async beginAnew(mailbox: Mailbox, folder: ImapFolder, { readAt, connectedAt }: Cursor, signal: AbortSignal): Promise<void> {
    const connected = connectedAt.getTime() - CLOCK_SKEW_MS;
    const since = new Date(Math.max(connected, readAt ? readAt.getTime() - LOOK_BACK_MS : 0));
    const decided = await this.database.transaction(mailbox.tenantId, (tx) => this.mails.decided(tx, mailbox.id, folder.uidValidity, connectedAt));
    const listed = (await folder.since(since)).filter(({ uid, receivedAt }) => receivedAt.getTime() >= connected && !decided.has(uid));
    await this.takeAll(mailbox, folder, listed, signal, readAt && new Date(readAt.getTime() - UNDER_WAY_MS));
    if (signal.aborted) return;
    const last = Math.max(folder.uidNext - 1, listed.at(-1)?.uid ?? 0);
    await this.database.transaction(mailbox.tenantId, (tx) => this.rows.begin(tx, mailbox, folder.uidValidity, last));
  }

  private async takeAll(mailbox: Mailbox, folder: ImapFolder, listed: Omit<MailPlace, 'uidValidity'>[], signal: AbortSignal, writtenSince: Date | null = null): Promise<void> {
    for (const each of listed) {
      if (signal.aborted) return;
      const place = { ...each, uidValidity: folder.uidValidity };
      const raw = await folder.source(place.uid, place.size > MOST_MAIL_BYTES ? BEGINNING_BYTES : MOST_MAIL_BYTES);
      const taken = raw ? await this.take(mailbox, place, raw, writtenSince) : passedOver('It was gone before it was read');
      await reach('mail.received');
      await this.note(mailbox, place, taken);
    }
  }

  private async take(mailbox: Mailbox, place: MailPlace, raw: Buffer, writtenSince: Date | null): Promise<Taken> {
    if (writtenSince && isOlder(raw, writtenSince)) return passedOver('It is from before the mailbox was read');
    try {
      return await this.receiving.take(mailbox, place, raw);
    } catch (error) {
      const tries = await this.database.transaction(mailbox.tenantId, (tx) => this.rows.noteStuck(tx, mailbox.id, place.uid));
      if (tries < MOST_TRIES) throw error;
      this.log.error(`Mail ${place.uid} of mailbox ${mailbox.id} is set aside: ${describe(error)}`);
      return { fate: 'set_aside', providerSid: null, reason: 'It could not be taken in; the log says why' };
    }
  }

  private async note(mailbox: Mailbox, { uidValidity, uid }: MailPlace, taken: Taken): Promise<void> {
    const { id: mailboxId, tenantId } = mailbox;
    const createdAt = this.clock.now();
    if (taken.fate === 'set_aside') this.log.warn(`Mail ${uid} of mailbox ${mailboxId} is set aside: ${taken.reason}`);
    await this.database.transaction(tenantId, (tx) => {
      this.mails.note(tx, { ...taken, id: uuidv7(createdAt.getTime()), tenantId, mailboxId, uidValidity, uid, createdAt });
      this.rows.advance(tx, mailbox, uidValidity, uid);
    });
  }
}

const passedOver = (reason: string): Taken => ({ fate: 'passed_over', providerSid: null, reason });

/** By its own word. A server that was moved may have got all mails on the same day. */
function isOlder(raw: Buffer, than: Date): boolean {
  const written = /^Date:\s*(.+)$/im.exec(raw.subarray(0, 64_000).toString('latin1').split(/\r?\n\r?\n/, 1)[0]!)?.[1];
  const at = written ? Date.parse(written) : Number.NaN;
  return at < than.getTime();
}
