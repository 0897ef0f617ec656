import { type Mail, normalAddress } from '@throughline/mail/mail.js';
import { z } from 'zod';
import { instant, pageQuery, pageSchema } from '../tenancy/tenancy.types.js';
import { imapSchema, type Mailbox, smtpSchema } from './email.types.js';

const id = z.string().meta({ format: 'uuid', examples: ['01991c2e-8f00-7c11-9a5e-2f4b6c8d0e1f'] });
const password = z.string().min(1).max(1_000).meta({ description: 'Kept sealed, and never answered' });
const folderName = z.string().min(1).max(200);
const address = z.string().transform((text, context) => normalAddress(text) ?? (context.addIssue('expected an address such as desk@example.com'), z.NEVER))
  .meta({ examples: ['desk@example.com'] });

const settings = {
  senderName: z.string().trim().min(1).max(100).nullable().meta({ description: "Beside the address in mails of ours; null: the business's name" }),
  folder: folderName.meta({ description: 'Where mails come in' }),
  sentFolder: folderName.nullable().meta({ description: 'Where sent mails are kept; null: the folder that the server names so' }),
  filesSent: z.boolean().meta({ description: 'The submission server itself keeps what it is handed, as Gmail and Exchange do' }),
  authservId: z.string().trim().min(1).max(253).nullable().meta({
    description: 'The name under which your receiving server writes Authentication-Results. It has to remove such headers that others wrote. null: nobody is known by their mail',
    examples: ['mx.example.com'],
  }),
  plusAddressing: z.boolean().meta({ description: 'The server takes desk+anything@… in for desk@…. Answers then find their thread even without references' }),
};

export const newMailboxSchema = z
  .strictObject({
    address, imap: imapSchema.extend({ password }), smtp: smtpSchema.extend({ password }),
    senderName: settings.senderName.default(null), folder: settings.folder.default('INBOX'), sentFolder: settings.sentFolder.default(null),
    filesSent: settings.filesSent.default(false), authservId: settings.authservId.default(null), plusAddressing: settings.plusAddressing.default(false),
  })
  .meta({ id: 'NewMailbox' });
export type NewMailboxBody = z.output<typeof newMailboxSchema>;

export const mailboxChangeSchema = z
  .strictObject({ ...settings, enabled: z.boolean().meta({ description: 'false: nothing is read or sent by it' }), imap: imapSchema.extend({ password }), smtp: smtpSchema.extend({ password }) })
  .partial()
  .meta({ id: 'MailboxChange', description: 'A server is changed as a whole, with its password.' });
export type MailboxChangeBody = z.output<typeof mailboxChangeSchema>;

export const mailboxSchema = z
  .object({
    id, address: z.string(), ...settings, imap: imapSchema, smtp: smtpSchema, enabled: z.boolean(), createdAt: instant,
    readAt: instant.nullable().meta({ description: 'All that had come until then is taken in' }), trouble: z.string().nullable().meta({ description: 'Why it cannot be read at present' }),
  })
  .meta({ id: 'Mailbox' });
export const mailboxesSchema = pageSchema(mailboxSchema).meta({ id: 'Mailboxes' });

const fate = z.enum(['received', 'duplicate', 'report', 'own', 'set_aside', 'passed_over'])
  .meta({ description: 'report: of a server about a mail of ours; own: by one of our mailboxes; set_aside: could not be taken in; passed_over: from before the mailbox was read' });
export const mailsQuery = pageQuery().extend({ fate: fate.optional() });
export type MailsQuery = z.output<typeof mailsQuery>;
const mailSchema = z
  .object({ id, uid: z.int(), uidValidity: z.string(), fate, reason: z.string().nullable(), providerSid: z.string().nullable().meta({ description: 'Of the message in the thread' }), createdAt: instant })
  .meta({ id: 'Mail' });
export const mailsSchema = pageSchema(mailSchema).meta({ id: 'Mails' });

export const wholeMailSchema = z
  .object({
    from: z.string().nullable(), to: z.array(z.string()), subject: z.string(), date: instant.nullable(), messageId: z.string().nullable(), text: z.string(),
    html: z.string().nullable().meta({ description: 'Loads and runs nothing' }), files: z.array(z.object({ contentType: z.string(), name: z.string().nullable(), size: z.int() })),
  })
  .meta({ id: 'WholeMail' });

export const shownMail = ({ from, to, subject, date, messageId, text, html, files }: Mail): z.input<typeof wholeMailSchema> => ({
  from: from?.address ?? null, to, subject, date, messageId, text, html, files: files.map(({ contentType, name, bytes }) => ({ contentType, name, size: bytes.length })),
});

/** The settings and the passwords apart. */
export function apart<T extends Partial<Pick<NewMailboxBody, 'imap' | 'smtp'>>>({ imap, smtp, ...rest }: T) {
  const server = <S extends { password: string }>({ password: _secret, ...plain }: S) => plain;
  return {
    settings: { ...rest, ...(imap ? { imap: server(imap) } : {}), ...(smtp ? { smtp: server(smtp) } : {}) } as Omit<T, 'imap' | 'smtp'> & Partial<Pick<Mailbox, 'imap' | 'smtp'>>,
    passwords: { ...(imap ? { imap: imap.password } : {}), ...(smtp ? { smtp: smtp.password } : {}) },
  };
}
