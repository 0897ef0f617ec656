import MailComposer from 'nodemailer/lib/mail-composer';
import { htmlOf } from './render.js';

/** A mail of ours, before it is written as one. */
export interface Draft {
  from: { name: string; address: string };
  to: string;
  replyTo?: string | undefined;
  subject: string;
  /** Markdown. */
  words: string;
  messageId: string;
  inReplyTo?: string | undefined;
  references: string[];
  date: Date;
  headers: Record<string, string>;
}

export interface DraftFile {
  filename: string;
  contentType: string;
  content: Buffer;
}

/** As it goes over the wire: the words as they are, and as HTML. */
export function composeMail({ words, ...draft }: Draft, attachments: DraftFile[]): Promise<Buffer> {
  const mail = new MailComposer({ ...draft, text: words, html: htmlOf(words), attachments, disableFileAccess: true, disableUrlAccess: true });
  return mail.compile().build();
}
