import { z } from 'zod';

/** Gmail and Exchange take no larger mail. */
export const MOST_MAIL_BYTES = 26_000_000;

const host = z.string().trim().regex(/^[A-Za-z0-9.:[\]-]{1,253}$/, 'expected a host name').meta({ examples: ['imap.example.com'] });
const port = z.int().min(1).max(65_535);
const security = z.enum(['tls', 'starttls', 'none']).meta({ description: 'none: only to hosts that the operator has allowed (MAIL_PRIVATE_HOSTS)' });

/** How one of the mailbox's two servers is reached, without the password. */
export const imapSchema = z.object({ host, port: port.default(993), security: security.default('tls'), user: z.string().min(1).max(254) });
export const smtpSchema = z.object({ host, port: port.default(465), security: security.default('tls'), user: z.string().min(1).max(254) });
export type ServerSettings = z.output<typeof imapSchema>;

/** A mailbox of ours: a sender of the channel `email`, whose id it has. */
export interface Mailbox {
  id: string;
  tenantId: string;
  address: string;
  /** What stands beside the address in mails of ours; the business's name where not given. */
  senderName: string | null;
  imap: ServerSettings;
  smtp: ServerSettings;
  /** Sealed. */
  imapPassword: string;
  smtpPassword: string;
  /** Where mails come in. */
  folder: string;
  /** Where sent ones are kept; what the server names so, where not given. */
  sentFolder: string | null;
  /** The submission server files what it is handed, so that a mail that is not there was not taken. */
  filesSent: boolean;
  /** The name under which the receiving server says what it found out (RFC 8601). Without it nobody's address is proved. */
  authservId: string | null;
  /** Mails to `desk+anything@…` come to `desk@…`. */
  plusAddressing: boolean;
  enabled: boolean;
  createdAt: Date;
  changedAt: Date;
  /** When all that was there had been read. */
  readAt: Date | null;
  failures: number;
  trouble: string | null;
}

export type NewMailbox = Pick<Mailbox, 'address' | 'senderName' | 'imap' | 'smtp' | 'folder' | 'sentFolder' | 'filesSent' | 'authservId' | 'plusAddressing'>;

/** How far a mailbox is read. */
export interface Cursor {
  uidValidity: string | null;
  lastUid: number;
  readAt: Date | null;
  /** Since when this folder is read: what was there before is no news. */
  connectedAt: Date;
}

/** What a mail that came has become. */
export type Fate = 'received' | 'duplicate' | 'report' | 'own' | 'set_aside' | 'passed_over';

/** A mail that came, by its place in the mailbox. Says nothing of what is in it. */
export interface MailEntry {
  id: string;
  tenantId: string;
  mailboxId: string;
  uidValidity: string;
  uid: number;
  /** The message that it is in the record. */
  providerSid: string | null;
  fate: Fate;
  reason: string | null;
  createdAt: Date;
}

/** A mail in its mailbox. */
export interface MailPlace {
  uidValidity: string;
  uid: number;
  /** Bytes. */
  size: number;
  receivedAt: Date;
}
