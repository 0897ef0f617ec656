import net, { type AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { SMTPServer, type SMTPServerDataStream } from 'smtp-server';
import { MailHosts, type MailServer } from './hosts.js';
import { SMTP_LIMITS, submit } from './smtp.js';

/** More than the systems on both ends keep for a connection. */
const LARGE = Buffer.alloc(22 * 1_100_000, 'a mail of many words\r\n');
const SMALL = Buffer.from('Subject: Hi\r\n\r\nHello');
const LIMITS = { connect: 2_000, ready: 2_000, upload: () => 10_000, verdict: 10_000 };

let server: SMTPServer;
afterEach(() => new Promise<void>((resolve) => server.close(resolve)));

/** A server that does so with what it gets. */
async function serverThat(onData: (stream: SMTPServerDataStream, done: (error?: Error | null) => void) => void): Promise<MailServer> {
  server = new SMTPServer({ authMethods: ['PLAIN'], allowInsecureAuth: true, disabledCommands: ['STARTTLS'], disableReverseLookup: true, logger: false, closeTimeout: 50, onAuth: (_auth, _session, done) => done(null, { user: 'desk' }), onData: (stream, _session, done) => onData(stream, done) });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return { host: '127.0.0.1', port: (server.server.address() as AddressInfo).port, security: 'none', user: 'desk', password: 'secret' };
}

const hangUp = (): void => {
  for (const connection of server.connections) connection.close();
};

/** Hands it over. @returns what became of it, and whether the hand-over was noted */
async function handed(to: MailServer, raw: Buffer, limits = LIMITS): Promise<[string, number]> {
  let noted = 0;
  const onHandover = async (): Promise<void> => void (noted += 1);
  const said = await submit(to, new MailHosts(['127.0.0.1']), { from: 'desk@clinic.test', to: 'ada@example.test', raw, onHandover }, limits)
    .then(() => 'taken', ({ kind }: { kind: string }) => kind);
  return [said, noted];
}

test('a server that looks at the mail for longer than it may take to be ready is waited for', async () => {
  const to = await serverThat((stream, done) => stream.resume().on('end', () => setTimeout(done, 900)));
  expect(await handed(to, SMALL, { ...LIMITS, ready: 800, upload: () => 800 })).toEqual(['taken', 1]);
});

test('a large mail arrives as it is', async () => {
  let bytes = 0;
  const to = await serverThat((stream, done) => stream.on('data', (piece: Buffer) => (bytes += piece.length)).on('end', () => done()));
  expect(await handed(to, LARGE)).toEqual(['taken', 1]);
  expect(bytes).toBe(LARGE.length);
});

test('a server that says nothing about a mail that it has: nobody knows', async () => {
  const to = await serverThat((stream) => void stream.resume());
  expect(await handed(to, SMALL, { ...LIMITS, verdict: 200 })).toEqual(['ask', 1]);
});

test('the connection breaks in the middle of a mail: the server surely does not have it', async () => {
  const to = await serverThat((stream) => stream.once('readable', hangUp));
  expect(await handed(to, LARGE)).toEqual(['retry', 0]);
});

test('a mail that does not get through in time is surely not there', async () => {
  const to = await serverThat(() => undefined);
  expect(await handed(to, LARGE, { ...LIMITS, upload: () => 300 })).toEqual(['retry', 0]);
});

test('a hand-over that cannot be noted is none', async () => {
  let whole = false;
  const to = await serverThat((stream, done) => stream.resume().on('error', () => done(new Error('no'))).on('end', () => {
    whole = true;
    done();
  }));
  const onHandover = async (): Promise<void> => { throw new Error('no database'); };
  await expect(submit(to, new MailHosts(['127.0.0.1']), { from: 'desk@clinic.test', to: 'ada@example.test', raw: SMALL, onHandover }, LIMITS)).rejects.toMatchObject({ kind: 'retry' });
  expect(whole).toBe(false);
});

test('the largest mail has minutes to get there, and its server minutes to look at it', () => {
  const { upload, verdict } = SMTP_LIMITS;
  expect([upload(26_000_000) > 8 * 60_000, upload(1_000) < 60_000, verdict >= 3 * 60_000]).toEqual([true, true, true]);
});

test('a server whose reply goes on and on is not listened to until it ends', async () => {
  const talker = net.createServer((socket) => void socket.on('error', () => undefined).write('220-and so on\r\n'.repeat(10_000)));
  await new Promise<void>((resolve) => talker.listen(0, '127.0.0.1', resolve));
  const to = { host: '127.0.0.1', port: (talker.address() as AddressInfo).port, security: 'none', user: 'desk', password: 'secret' } as const;
  const said = submit(to, new MailHosts(['127.0.0.1']), { from: 'desk@clinic.test', to: 'ada@example.test', raw: SMALL, onHandover: async () => undefined }, LIMITS);
  await expect(said).rejects.toMatchObject({ kind: 'retry', message: expect.stringContaining('EPROTOCOL') });
  talker.close();
});
