import { describe, HubError } from '@throughline/kernel/errors.js';
import { ImapFlow, type SearchObject } from 'imapflow';
import type { MailHosts, MailServer } from './hosts.js';

/** A mail as the folder lists it. */
export interface Listed {
  uid: number;
  /** Bytes. */
  size: number;
  /** When the server got it. */
  receivedAt: Date;
}

const CONNECT_MS = 10_000;
/** Longer than an IDLE of ours lasts, so that it only runs out on a connection that is dead. */
const SILENCE_MS = 150_000;
const IDLE_MS = 110_000;

/** One connection to one folder of an IMAP server. Nothing in the folder is changed by looking. */
export class ImapFolder {
  private news: (() => void) | undefined;
  /** Mail has come since it was last listed. */
  private hasNews = false;
  private broken: Error | undefined;

  private constructor(
    private readonly client: ImapFlow,
    private readonly folder: string,
    /** Changes when the server has numbered the folder's mails anew. */
    readonly uidValidity: string,
    /** What the next mail will have at least. */
    readonly uidNext: number,
  ) {
    client.on('exists', () => {
      this.hasNews = true;
      this.news?.();
    });
    client.on('error', (error: Error) => this.breaks(error));
    client.on('close', () => this.breaks(new Error('the connection was closed')));
  }

  /** @throws HubError: `mail_host_refused`, `mail_login_refused`, `mail_folder_missing`; `mail_unreachable` where another try may succeed */
  static async open(server: MailServer, hosts: MailHosts, folder: string): Promise<ImapFolder> {
    const client = await connected(server, hosts);
    try {
      const { uidValidity, uidNext } = await client.mailboxOpen(folder, { readOnly: true });
      return new ImapFolder(client, folder, String(uidValidity), uidNext);
    } catch (error) {
      client.close();
      throw imapFailure(error, 'mail_folder_missing', `There is no folder ${folder}`);
    }
  }

  /** Mails with a greater UID, oldest first. */
  after(uid: number): Promise<Listed[]> {
    this.hasNews = false;
    // `n:*` means the last mail even where its number is less than n.
    return this.listed(`${uid + 1}:*`).then((mails) => mails.filter((mail) => mail.uid > uid));
  }

  /** Mails that the server got since the beginning of that day. */
  async since(day: Date): Promise<Listed[]> {
    const uids = await this.asked(() => idsWhere(this.client, { since: day }));
    return uids.length > 0 ? this.listed(uids.join(',')) : [];
  }

  private listed(range: string): Promise<Listed[]> {
    return this.asked(async () => {
      const mails: Listed[] = [];
      for await (const { uid, size, internalDate } of this.client.fetch(range, { uid: true, size: true, internalDate: true }, { uid: true })) {
        mails.push({ uid, size: size ?? 0, receivedAt: new Date(internalDate ?? 0) });
      }
      return mails.sort((one, other) => one.uid - other.uid);
    });
  }

  /** The mail as it came, or its first `mostBytes`. @returns null when it is gone, as the server says */
  source(uid: number, mostBytes: number): Promise<Buffer | null> {
    return this.asked(async () => {
      let source: Buffer | null = null;
      // The server may tell of other mails meanwhile, and of this one's flags alone.
      for await (const mail of this.client.fetch(String(uid), { uid: true, source: { maxLength: mostBytes } }, { uid: true })) {
        if (mail.uid === uid) source = mail.source ?? source ?? Buffer.alloc(0);
      }
      return source;
    });
  }

  /** Waits for mail that was not there yet when it was last listed, for `ms` at the most. */
  async waitForNews(ms: number): Promise<void> {
    if (this.broken) throw this.broken;
    if (this.hasNews) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.news = () => {
        clearTimeout(timer);
        resolve();
      };
      this.client.idle().catch(() => this.news?.());
    });
    this.news = undefined;
    if (this.broken) throw this.broken;
  }

  /** Ends a wait. */
  wake(): void {
    this.news?.();
  }

  async close(): Promise<void> {
    await Promise.race([this.client.logout().catch(() => undefined), new Promise((resolve) => setTimeout(resolve, 1_000))]);
    this.client.close();
  }

  private breaks(error: Error): void {
    this.broken ??= imapFailure(error, 'mail_unreachable', 'The connection to the IMAP server broke');
    this.news?.();
  }

  /** On a connection that has broken, imapflow answers that there is nothing: that is no answer. */
  private async asked<T>(work: () => Promise<T>): Promise<T> {
    this.checkOpen();
    const answer = await work().catch((error: unknown) => {
      throw imapFailure(error, 'mail_unreachable', `The IMAP server gave no answer about ${this.folder}`);
    });
    this.checkOpen();
    return answer;
  }

  private checkOpen(): void {
    if (this.broken) throw this.broken;
    if (!this.client.usable || !this.client.mailbox) throw new HubError('unavailable', 'mail_unreachable', `The connection to ${this.folder} is not open any more.`);
  }
}

/** What is done to single mails, each with a connection of its own. */
export class ImapErrands {
  constructor(
    private readonly server: MailServer,
    private readonly hosts: MailHosts,
  ) {}

  /** Whether a mail of ours is among what was sent. @param folder null for the one that the server names so */
  isSent(folder: string | null, messageId: string): Promise<'found' | 'absent' | 'nowhere to look'> {
    return this.inFolder(folder, '\\Sent', true, async (client) => (client && (await idsOf(client, messageId)).length > 0 ? 'found' : 'absent'), 'nowhere to look');
  }

  /** Files a copy among what was sent. @returns false where there is no such folder */
  fileSent(folder: string | null, raw: Buffer): Promise<boolean> {
    return this.connected(async (client) => {
      const path = folder ?? (await folderFor(client, '\\Sent'));
      return path !== null && (await client.append(path, raw, ['\\Seen'])) !== false;
    });
  }

  /** Removes our copy of a mail that was sent. Nothing happens when it is gone. */
  async removeSent(folder: string | null, messageId: string): Promise<void> {
    await this.inFolder(folder, '\\Sent', false, async (client) => {
      const uids = await idsOf(client, messageId);
      if (uids.length > 0) await removed(client, uids.join(','));
    }, undefined);
  }

  /** Removes a mail that came. Nothing happens when it is gone, or when the folder was numbered anew. */
  async remove(folder: string, uidValidity: string, uid: number): Promise<void> {
    await this.inFolder(folder, '\\Inbox', false, async (client, validity) => {
      if (validity === uidValidity) await removed(client, String(uid));
    }, undefined);
  }

  private inFolder<T>(folder: string | null, use: string, readOnly: boolean, work: (client: ImapFlow, uidValidity: string) => Promise<T>, missing: T): Promise<T> {
    return this.connected(async (client) => {
      const path = folder ?? (await folderFor(client, use));
      if (path === null) return missing;
      const { uidValidity } = await client.mailboxOpen(path, { readOnly });
      return work(client, String(uidValidity));
    });
  }

  private async connected<T>(work: (client: ImapFlow) => Promise<T>): Promise<T> {
    const client = await connected(this.server, this.hosts);
    client.on('error', () => undefined); // whoever waits for an answer is told as well
    try {
      return await work(client);
    } catch (error) {
      throw imapFailure(error, 'mail_unreachable', 'The IMAP server gave no answer');
    } finally {
      await client.logout().catch(() => client.close());
    }
  }
}

async function folderFor(client: ImapFlow, use: string): Promise<string | null> {
  return (await client.list()).find(({ specialUse }) => specialUse === use)?.path ?? null;
}

const idsOf = (client: ImapFlow, messageId: string): Promise<number[]> => idsWhere(client, { header: { 'message-id': messageId } });

/** imapflow keeps to itself that a search failed, and answers false or nothing: what was not looked for is not absent. */
async function idsWhere(client: ImapFlow, query: SearchObject): Promise<number[]> {
  const uids: unknown = await client.search(query, { uid: true });
  if (Array.isArray(uids)) return uids as number[];
  throw new HubError('unavailable', 'mail_unreachable', 'The IMAP server did not search.');
}

async function removed(client: ImapFlow, range: string): Promise<void> {
  if (!(await client.messageDelete(range, { uid: true }))) throw new HubError('unavailable', 'mail_unreachable', 'The IMAP server did not remove a mail.');
}

async function connected(server: MailServer, hosts: MailHosts): Promise<ImapFlow> {
  const address = await hosts.reach(server);
  const client = new ImapFlow({
    host: address, port: server.port, servername: server.host, secure: server.security === 'tls', auth: { user: server.user, pass: server.password },
    ...(server.security === 'tls' ? {} : { doSTARTTLS: server.security === 'starttls' }), logger: false, disableAutoIdle: true, maxIdleTime: IDLE_MS,
    connectionTimeout: CONNECT_MS, greetingTimeout: CONNECT_MS, socketTimeout: SILENCE_MS,
  });
  const waiting = (): void => undefined;
  client.on('error', waiting);
  try {
    await client.connect();
    return client;
  } catch (error) {
    client.close();
    throw imapFailure(error, 'mail_unreachable', 'The IMAP server did not answer');
  }
}

/** Never the server's own words about a login: some quote it. */
function imapFailure(error: unknown, code: string, what: string): HubError {
  if (error instanceof HubError) return error;
  const { authenticationFailed, responseText, code: reason } = error as { authenticationFailed?: boolean; responseText?: string; code?: string };
  if (authenticationFailed) return new HubError('conflict', 'mail_login_refused', 'The IMAP server refused user and password.', { retryable: true });
  const why = responseText ?? reason ?? describe(error);
  return new HubError('unavailable', code, `${what} (${why.slice(0, 200)}).`, { cause: error });
}
