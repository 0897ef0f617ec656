import { Readable } from 'node:stream';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { MailHosts, MailServer } from './hosts.js';
import { MailFailure, smtpFailure } from './smtp-failures.js';

export interface Submission {
  from: string;
  to: string;
  /** The whole mail, headers and all. */
  raw: Buffer;
  /** Called when the server is ready to take the mail, and before it gets a byte of it. When this throws, it gets none. */
  onHandover: () => Promise<void>;
}

const CONNECT_MS = 5_000;
/** Below the lease of a delivery with room for the look and the copy among what was sent. */
const WHOLE_MS = 15_000;

/**
 * Hands a mail to the submission server.
 *
 * @returns what the server said when it had it
 * @throws MailFailure; of kind `ask` only when the server may have it
 */
export async function submit(server: MailServer, hosts: MailHosts, submission: Submission): Promise<string> {
  const host = await hosts.reach(server).catch((error: unknown) => { throw MailFailure.of(error); });
  const connection = new SMTPConnection({
    host, port: server.port, secure: server.security === 'tls', requireTLS: server.security === 'starttls', ignoreTLS: server.security === 'none',
    tls: { servername: server.host }, connectionTimeout: CONNECT_MS, greetingTimeout: CONNECT_MS, socketTimeout: WHOLE_MS, logger: false,
  });
  const attempt = { handedOver: false };
  let timer: NodeJS.Timeout | undefined;
  try {
    const broken = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(Object.assign(new Error('no answer in time'), { code: 'ETIMEDOUT' })), WHOLE_MS);
      connection.on('error', reject);
      connection.once('end', () => reject(Object.assign(new Error('the connection was closed'), { code: 'ECONNECTION' })));
    });
    return await Promise.race([spoken(connection, server, submission, attempt), broken]);
  } catch (error) {
    throw smtpFailure(error, attempt.handedOver);
  } finally {
    clearTimeout(timer);
    connection.close();
  }
}

async function spoken(connection: SMTPConnection, { user, password }: MailServer, submission: Submission, attempt: { handedOver: boolean }): Promise<string> {
  await called((done) => connection.connect(done));
  await called((done) => connection.login({ user, pass: password, credentials: { user, pass: password } }, done));
  const body = handedOver(submission, attempt);
  const failed = new Promise<never>((_, reject) => body.once('error', reject));
  const info = called<{ response: string }>((done) => connection.send({ from: submission.from, to: [submission.to] }, body, done));
  return (await Promise.race([info, failed])).response;
}

/** Nothing of the mail is there to be read before the hand-over is noted. */
function handedOver({ raw, onHandover }: Submission, attempt: { handedOver: boolean }): Readable {
  let begun = false;
  return new Readable({
    read() {
      if (begun) return;
      begun = true;
      onHandover().then(() => {
        attempt.handedOver = true;
        this.push(raw);
        this.push(null);
      }, (error: Error) => this.destroy(error));
    },
  });
}

function called<T>(work: (done: (error?: Error | null, result?: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => work((error, result) => (error ? reject(error) : resolve(result as T))));
}
