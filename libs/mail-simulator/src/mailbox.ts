import type { AddressInfo, Socket } from 'node:net';
import hoodiecrow, { type HoodiecrowServer } from 'hoodiecrow-imap';

export interface MailboxSettings {
  address: string;
  password: string;
  /** Whether the server files what it is handed for sending, as Gmail does. Default: no. */
  filesSent?: boolean;
}

/** The timer of an IDLE would outlive its connection by half an hour, and the process with it. */
function endsIdle({ connectionHandlers }: HoodiecrowServer): void {
  connectionHandlers.push((connection) => connection.socket.on('close', () => connection.inputHandler && connection.inputHandler('DONE')));
}

const PLUGINS = ['ID', 'IDLE', 'UIDPLUS', 'SASL-IR', 'AUTH-PLAIN', 'NAMESPACE', 'SPECIAL-USE', 'UNSELECT', 'ENABLE', 'LITERALPLUS', endsIdle];

/** One mailbox of a company, on an IMAP server of its own. */
export class SimulatedMailbox {
  private readonly sockets = new Set<Socket>();

  private constructor(
    readonly settings: MailboxSettings,
    private readonly imap: HoodiecrowServer,
  ) {
    imap.server.on('connection', (socket) => {
      this.sockets.add(socket);
      socket.on('close', () => this.sockets.delete(socket));
    });
  }

  static async open(settings: MailboxSettings, uidValidity: number): Promise<SimulatedMailbox> {
    const imap = hoodiecrow({
      plugins: PLUGINS, users: { [settings.address]: { password: settings.password } },
      storage: { INBOX: { uidvalidity: uidValidity }, '': { separator: '/', folders: { Sent: { 'special-use': '\\Sent', uidvalidity: uidValidity } } } },
    });
    const mailbox = new SimulatedMailbox(settings, imap);
    await new Promise<void>((resolve) => imap.listen(0, '127.0.0.1', resolve));
    return mailbox;
  }

  get imapPort(): number {
    return (this.imap.server.address() as AddressInfo).port;
  }

  put(folder: 'INBOX' | 'Sent', raw: Buffer, at: Date): void {
    this.imap.appendMessage(folder, folder === 'Sent' ? ['\\Seen'] : [], at, raw.toString('latin1'));
  }

  /** What is in a folder, oldest first. */
  mails(folder: 'INBOX' | 'Sent'): Buffer[] {
    return this.imap.getMailbox(folder).messages.map(({ raw }) => Buffer.from(raw, 'latin1'));
  }

  /** Of the newest mail that came; 0 for none. */
  get lastUid(): number {
    return this.imap.getMailbox('INBOX').messages.at(-1)?.uid ?? 0;
  }

  /** The server is set up anew: all mails are still there, under other numbers. */
  renumber(): void {
    const folder = this.imap.getMailbox('INBOX');
    folder.uidvalidity += 1;
    folder.messages.forEach((message, index) => (message.uid = index + 1));
    folder.uidnext = folder.messages.length + 1;
    this.dropConnections();
  }

  /** The next command of this name is answered with NO. */
  refusesNext(command: string): void {
    const usual = this.imap.getCommandHandler(command);
    this.imap.setCommandHandler(command, (connection, { tag }, _data, done) => {
      this.imap.setCommandHandler(command, usual);
      connection.send({ tag, command: 'NO', attributes: [{ type: 'TEXT', value: 'Not now' }] }, 'REFUSED');
      done();
    });
  }

  dropConnections(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  close(): Promise<void> {
    this.dropConnections();
    return new Promise((resolve) => this.imap.close(() => resolve()));
  }
}
