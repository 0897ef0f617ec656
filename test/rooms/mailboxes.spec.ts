import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { Logger } from '@nestjs/common';
import { appDataSource, Database } from '@throughline/database/database.js';
import { FixedClock } from '@throughline/kernel/clock.js';
import { uuidv7 } from '@throughline/kernel/ids.js';
import { SimulatedMailbox } from '@throughline/mail-simulator/mailbox.js';
import type { DataSource } from 'typeorm';
import type { AppConfig } from '../../src/app.config.js';
import type { Delivery } from '../../src/delivery/delivery.types.js';
import { EmailSender } from '../../src/email/email.sender.js';
import type { Mailbox } from '../../src/email/email.types.js';
import { LettersService } from '../../src/email/letters.service.js';
import { MailboxesService } from '../../src/email/mailboxes.service.js';
import { ReadingService } from '../../src/email/reading.service.js';
import { ReceivingService, type Taken } from '../../src/email/receiving.service.js';
import { messageIdOf } from '../../src/email/threading.policy.js';
import { TenancyService } from '../../src/tenancy/tenancy.service.js';
import { eventually } from '../harness/eventually.js';
import { freshDatabase, type TestDatabase } from '../harness/postgres.js';

const ELM = uuidv7(1);
const HOUR = 3_600_000;
const PASSWORDS = { imap: 'secret', smtp: 'secret' };
const config = { twilio: { accountSid: 'AC1' }, secretsKey: 'a key of the rooms', mailPrivateHosts: ['127.0.0.1'] } as unknown as AppConfig;

/** Notes what it is given, and cannot take in what is poison. */
class Record extends ReceivingService {
  readonly subjects: string[] = [];

  override async take(_mailbox: Mailbox, _place: unknown, raw: Buffer): Promise<Taken> {
    const subject = /^Subject: (.*)$/m.exec(raw.toString())![1]!.trim();
    if (subject.startsWith('poison')) throw new Error('it chokes on that');
    this.subjects.push(subject);
    return { fate: 'received', providerSid: `mail.${subject}`, reason: null };
  }
}

let fresh: TestDatabase;
let dataSource: DataSource;
let clock: FixedClock;
let server: SimulatedMailbox;
let mailboxes: MailboxesService;
let record: Record;
let reading: ReadingService;
let letters: LettersService;
let id: string;
beforeAll(async () => {
  Logger.overrideLogger(false);
  fresh = await freshDatabase();
  dataSource = await appDataSource({ url: fresh.url }).initialize();
  await fresh.query(`insert into tenants (id, name, account_sid, created_at) values ($1, 'Elm', 'AC1', now())`, [ELM]);
});
afterAll(async () => {
  await dataSource.destroy();
  await fresh.drop();
});
/** A mailbox that was added at nine, with a mail of the day before in each folder. */
beforeEach(async () => {
  clock = new FixedClock();
  const database = new Database(dataSource);
  const none = undefined as never;
  record = new Record(clock, none, none, none, none, none);
  mailboxes = new MailboxesService(database, clock, new TenancyService(database, clock, config, none), config);
  letters = new LettersService(database, clock, none, none, none, none);
  reading = new ReadingService(database, clock, mailboxes, record);
  const address = `desk.${uuidv7(clock.ms()).slice(-6)}@clinic.test`;
  server = await SimulatedMailbox.open({ address, password: 'secret' }, 7);
  for (const folder of ['INBOX', 'Sent'] as const) comes('yesterday', -20 * HOUR, folder);
  const way = { host: '127.0.0.1', port: server.imapPort, security: 'none', user: address } as const;
  const settings = { address, senderName: null, imap: way, smtp: way, folder: 'INBOX', sentFolder: null, filesSent: false, authservId: null, plusAddressing: false };
  ({ id } = await mailboxes.add(ELM, settings, PASSWORDS));
});
afterEach(() => server.close());

function comes(subject: string, ms = 0, folder: 'INBOX' | 'Sent' = 'INBOX'): void {
  const at = new Date(clock.ms() + ms);
  server.put(folder, Buffer.from(`Date: ${at.toUTCString()}\r\nSubject: ${subject}\r\n\r\nHello`), at);
}

/** Reads all that there is. @returns what was taken in */
async function reads(): Promise<string[]> {
  clock.forward(1_000);
  const before = record.subjects.length;
  const abort = new AbortController();
  const mailbox = await mailboxes.mailbox(ELM, id);
  const following = reading.follow(mailbox, abort.signal).finally(() => abort.abort());
  const isRead = async (): Promise<boolean> => abort.signal.aborted || (await mailboxes.mailbox(ELM, id)).readAt?.getTime() === clock.ms();
  await Promise.all([following, eventually('the mailbox to be read', isRead).finally(() => abort.abort())]);
  return record.subjects.slice(before);
}

test('of a mailbox that was added, only what came since then is news; after a renumbering soon after that as well', async () => {
  clock.forward(HOUR);
  comes('first');
  expect(await reads()).toEqual(['first']);
  server.renumber();
  comes('second');
  expect(await reads()).toEqual(['first', 'second']); // the record knows the first one
});

test('another folder: what was in it before is no news, neither at its first sight nor after a renumbering', async () => {
  await reads();
  clock.forward(HOUR);
  await mailboxes.change(ELM, id, { folder: 'Sent' });
  expect((await mailboxes.mailbox(ELM, id)).readAt).toBeNull();
  comes('filed', 0, 'Sent');
  expect(await reads()).toEqual(['filed']);
});

test('who still reads by old settings says nothing of how far the new ones are read', async () => {
  await reads();
  const before = await mailboxes.mailbox(ELM, id);
  clock.forward(HOUR);
  await mailboxes.change(ELM, id, { folder: 'Sent' });
  const abort = new AbortController();
  const old = reading.follow(before, abort.signal);
  comes('filed', 0, 'Sent');
  expect(await reads()).toEqual(['filed']);
  abort.abort();
  await old;
});

test('mails that cannot be taken in during a renumbering are set aside one after the other, and the others are read', async () => {
  await reads();
  for (const subject of ['poison one', 'good', 'poison two', 'better']) comes(subject);
  server.renumber();
  let failed = 0;
  while (failed < 20 && (await reads().then(() => false, () => true))) failed += 1;
  expect([failed, record.subjects]).toEqual([8, ['good', 'better']]);
  const fates = (await mailboxes.mailsOf(ELM, id, { fate: null, after: null, limit: 10 })).map(({ uid, fate }) => [uid, fate]);
  expect(fates.toSorted()).toEqual([[2, 'set_aside'], [3, 'received'], [4, 'set_aside'], [5, 'received']]);
  comes('later');
  expect(await reads()).toEqual(['later']);
});

test('a mail that was handed over is looked for: that it is not filed counts when the server has had time to, and not when nobody could look', async () => {
  const mailbox = await mailboxes.change(ELM, id, { filesSent: true });
  const sender = new EmailSender(clock, mailboxes, letters, undefined as never);
  const delivery = { id: uuidv7(clock.ms()), tenantId: ELM, sender: mailbox.address } as Delivery;
  expect(await sender.find(delivery)).toEqual({ outcome: 'absent' }); // never handed over
  await letters.noteHandover(delivery, clock.now());
  clock.forward(4 * 60_000);
  expect(await sender.find(delivery)).toEqual({ outcome: 'unclear' });
  clock.forward(60_000);
  server.refusesNext('UID SEARCH');
  await expect(sender.find(delivery)).rejects.toMatchObject({ errorClass: 'ask' });
  expect(await sender.find(delivery)).toEqual({ outcome: 'absent' });
  server.put('Sent', Buffer.from(`Message-ID: ${messageIdOf(delivery.id, mailbox)}\r\n\r\nHello`), clock.now());
  expect(await sender.find(delivery)).toMatchObject({ outcome: 'found' });
});
