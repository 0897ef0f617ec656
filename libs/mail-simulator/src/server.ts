import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Clock, ShiftableClock } from '@throughline/kernel/clock.js';
import { readBody } from '@throughline/kernel/read-body.js';
import { handleControl } from './control-routes.js';
import { MailControl } from './control.js';
import type { MailboxSettings } from './mailbox.js';
import { People } from './people.js';
import { PostOffice } from './post-office.js';

const LARGEST_BODY = 40_000_000;

export interface MailSimulatorOptions {
  mailboxes?: MailboxSettings[];
  clock?: Clock;
  /** What people outside got and sent survives the process in there. */
  stateFile?: string;
}

export interface MailSimulator {
  /** Of the control routes. */
  readonly origin: string;
  readonly smtpPort: number;
  readonly control: MailControl;
  close(): Promise<void>;
}

/** A post office on this machine: SMTP for sending, IMAP for each mailbox of a company, and people who write and get mail. */
export async function startMailSimulator({ mailboxes = [], clock = new ShiftableClock(), stateFile }: MailSimulatorOptions): Promise<MailSimulator> {
  const office = new PostOffice(await People.open(stateFile), clock);
  await new Promise<void>((resolve) => office.smtp.listen(0, '127.0.0.1', () => resolve()));
  const control = new MailControl(office);
  for (const mailbox of mailboxes) await control.addMailbox(mailbox);
  const server = createServer((request, response) => void answer(control, request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, smtpPort: (office.smtp.server.address() as AddressInfo).port, control,
    close: () => close(office, server),
  };
}

async function answer(control: MailControl, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const body = await readBody(request, LARGEST_BODY);
    if (body === null) return void response.writeHead(413).end();
    await handleControl(control, request, response, body);
  } catch {
    response.destroy();
  }
}

async function close(office: PostOffice, server: Server): Promise<void> {
  await Promise.all([...office.mailboxes.values()].map((mailbox) => mailbox.close()));
  await new Promise<void>((resolve) => office.smtp.close(() => resolve()));
  server.closeAllConnections();
  await new Promise<void>((resolve) => server.close(() => resolve()));
}
