import { Readable } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { MailHosts, MailServer } from './hosts.js';
import { MailFailure, smtpFailure } from './smtp-failures.js';

export interface Submission {
  from: string;
  to: string;
  /** The whole mail, headers and all. */
  raw: Buffer;
  /** Called before the server gets the last of the mail: without that it has none. When this throws, it does not get it. */
  onHandover: () => Promise<void>;
}

/** In milliseconds. */
export interface SmtpLimits {
  connect: number;
  /** Until the server is ready to take the mail. */
  ready: number;
  /** For the mail itself, by its bytes. */
  upload: (bytes: number) => number;
  /** For its word about a mail that it has: servers look for spam and viruses first, some for a minute and more (RFC 5321, 4.5.3.2.6). */
  verdict: number;
}

export const SMTP_LIMITS: SmtpLimits = { connect: 5_000, ready: 30_000, upload: (bytes) => 30_000 + bytes / 50, verdict: 180_000 };

/** So that how far the mail is, is known to within this and what the system keeps for the socket. */
const PIECE_BYTES = 65_536;

/** Of one reply: the longest list of what a server can do is a few kB, and by itself the client takes a megabyte. */
const MOST_REPLY_BYTES = 65_536;

interface Attempt {
  handedOver: boolean;
  /** While the hand-over is being noted. */
  noting: Promise<void>;
  /** Nothing more is given to the server. */
  over: boolean;
  /** From now on the server has so long for what comes next. */
  within: (ms: number) => void;
}

/**
 * Hands a mail to the submission server. May take minutes.
 *
 * @returns what the server said when it had it
 * @throws MailFailure; of kind `ask` only when the server may have it
 */
export async function submit(server: MailServer, hosts: MailHosts, submission: Submission, limits = SMTP_LIMITS): Promise<string> {
  const host = await hosts.reach(server).catch((error: unknown) => { throw MailFailure.of(error); });
  const { connection, broken, attempt, end } = begun(server, host, limits);
  try {
    return await Promise.race([spoken(connection, server, submission, { attempt, limits }), broken]);
  } catch (error) {
    end();
    await attempt.noting.catch(() => undefined); // so that a note is never later than what is said here
    throw smtpFailure(error, attempt.handedOver);
  } finally {
    end();
  }
}

function begun(server: MailServer, host: string, limits: SmtpLimits): { connection: SMTPConnection; broken: Promise<never>; attempt: Attempt; end: () => void } {
  const connection = new SMTPConnection({
    host, port: server.port, secure: server.security === 'tls', requireTLS: server.security === 'starttls', ignoreTLS: server.security === 'none',
    tls: { servername: server.host }, connectionTimeout: limits.connect, greetingTimeout: limits.ready, socketTimeout: Math.max(limits.ready, limits.verdict),
    maxResponseSize: MOST_REPLY_BYTES, logger: false,
  });
  let timer: NodeJS.Timeout | undefined;
  let fail: (error: Error) => void = () => undefined;
  const broken = new Promise<never>((_, reject) => (fail = reject));
  connection.on('error', fail);
  connection.once('end', () => fail(Object.assign(new Error('the connection was closed'), { code: 'ECONNECTION' })));
  const attempt: Attempt = { handedOver: false, noting: Promise.resolve(), over: false, within };
  function within(ms: number): void {
    clearTimeout(timer);
    timer = setTimeout(() => fail(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' })), ms);
  }
  within(limits.ready);
  const end = (): void => {
    attempt.over = true;
    clearTimeout(timer);
    connection.close();
  };
  return { connection, broken, attempt, end };
}

async function spoken(
  connection: SMTPConnection, { user, password }: MailServer, submission: Submission, { attempt, limits }: { attempt: Attempt; limits: SmtpLimits },
): Promise<string> {
  await called((done) => connection.connect(done));
  await called((done) => connection.login({ user, pass: password, credentials: { user, pass: password } }, done));
  const body = upload(submission, attempt, limits);
  const failed = new Promise<never>((_, reject) => body.once('error', reject));
  const info = called<{ response: string }>((done) => connection.send({ from: submission.from, to: [submission.to] }, body, done));
  return (await Promise.race([info, failed])).response;
}

/** The mail in pieces. The last one is not there to be read before the hand-over is noted. */
function upload({ raw, onHandover }: Submission, attempt: Attempt, limits: SmtpLimits): Readable {
  let at = 0;
  return new Readable({
    highWaterMark: PIECE_BYTES,
    read() {
      if (attempt.over || at >= raw.length) return;
      if (at === 0) attempt.within(limits.upload(raw.length));
      const piece = raw.subarray(at, at + PIECE_BYTES);
      at += PIECE_BYTES;
      if (at < raw.length) return void this.push(piece);
      attempt.noting = onHandover();
      attempt.noting.then(() => {
        if (attempt.over) return;
        attempt.handedOver = true;
        attempt.within(limits.verdict);
        this.push(piece);
        this.push(null);
      }, (error: Error) => this.destroy(error));
    },
  });
}

function called<T>(work: (done: (error?: Error | null, result?: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => work((error, result) => (error ? reject(error) : resolve(result as T))));
}
