import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { SimulatedMailbox } from '@throughline/mail-simulator/mailbox.js';
import { MailHosts, type MailServer } from './hosts.js';
import { ImapErrands, ImapFolder } from './imap.js';

const HOSTS = new MailHosts(['127.0.0.1']);
const MOST = 10_000;
const DAY = new Date('2026-01-05T00:00:00Z');

let mailbox: SimulatedMailbox;
let server: MailServer;
let folder: ImapFolder;
beforeAll(async () => {
  mailbox = await SimulatedMailbox.open({ address: 'desk@clinic.test', password: 'secret' }, 7);
  server = { host: '127.0.0.1', port: mailbox.imapPort, security: 'none', user: 'desk@clinic.test', password: 'secret' };
  for (const id of ['<1@x.test>', '<2@x.test>']) {
    for (const place of ['INBOX', 'Sent'] as const) mailbox.put(place, Buffer.from(`Message-ID: ${id}\r\nSubject: Hi\r\n\r\nHello`), new Date('2026-01-05T09:00:00Z'));
  }
});
afterAll(() => mailbox.close());
beforeEach(async () => {
  folder = await ImapFolder.open(server, HOSTS, 'INBOX');
});

const UNREACHABLE = { code: 'mail_unreachable', retryable: true };
const errands = (): ImapErrands => new ImapErrands(server, HOSTS);

test('a mail is read as it came; one that the server does not have any more is gone', async () => {
  expect((await folder.after(0)).map(({ uid }) => uid)).toEqual([1, 2]);
  expect((await folder.since(DAY)).map(({ uid }) => uid)).toEqual([1, 2]);
  expect(String(await folder.source(2, MOST))).toContain('<2@x.test>');
  expect(await folder.source(99, MOST)).toBeNull();
  await folder.close();
});

test('the connection breaks between the listing and the reading: no mail is taken for gone, and none for not there', async () => {
  await folder.after(0);
  mailbox.dropConnections();
  await expect(folder.source(1, MOST)).rejects.toMatchObject(UNREACHABLE);
  await expect(folder.source(2, MOST)).rejects.toMatchObject(UNREACHABLE);
  await expect(folder.after(0)).rejects.toMatchObject(UNREACHABLE);
  await expect(folder.since(DAY)).rejects.toMatchObject(UNREACHABLE);
});

test('a search that fails has found out nothing', async () => {
  mailbox.refusesNext('UID SEARCH');
  await expect(folder.since(DAY)).rejects.toMatchObject(UNREACHABLE);
  await folder.close();
  mailbox.refusesNext('UID SEARCH');
  await expect(errands().isSent(null, '<1@x.test>')).rejects.toMatchObject(UNREACHABLE);
  expect([await errands().isSent(null, '<1@x.test>'), await errands().isSent(null, '<9@x.test>')]).toEqual(['found', 'absent']);
});

test.each(['UID SEARCH', 'UID STORE', 'UID EXPUNGE'])('a mail whose removal fails at %s is not taken for removed', async (command) => {
  await folder.close();
  mailbox.refusesNext(command);
  await expect(errands().removeSent(null, '<2@x.test>')).rejects.toMatchObject(UNREACHABLE);
  expect(mailbox.mails('Sent')).toHaveLength(2);
});

test('a mail is removed, and once more changes nothing', async () => {
  await folder.close();
  await errands().removeSent(null, '<2@x.test>');
  await errands().removeSent(null, '<2@x.test>');
  await errands().remove('INBOX', '7', 99);
  expect([mailbox.mails('Sent').length, mailbox.mails('INBOX').length]).toEqual([1, 2]);
});
