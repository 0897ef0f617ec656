import { createHash } from 'node:crypto';
import { oneLine } from '@throughline/kernel/words.js';
import type { Mail } from '@throughline/mail/mail.js';
import type { InboundMessage } from '../conversations/conversations.types.js';
import { automaticKind } from './automatic.policy.js';
import type { MailPlace } from './email.types.js';
import { isReplySubject } from './threading.policy.js';

/** In characters. More is no message that anybody answers at once. */
const MOST_BODY = 10_000;
const MOST_FULL_TEXT = 20_000;
const MOST_ATTACHMENTS = 20;
const MOST_QUOTED_SUBJECT = 150;

export interface Inbound {
  mail: Mail & { from: NonNullable<Mail['from']> };
  mailbox: { id: string; address: string };
  place: MailPlace;
  /** The mail was too large to be read to its end. */
  cutOff: boolean;
  proved: boolean;
  automatic: string | null;
}

/**
 * A mail as the record takes it in. The sid is the same whenever and wherever the mail is seen again: by its own id, its date and its
 * author, because some programs give each mail the same id; where it has no id, by all that it says.
 */
export function inboundOf(tenantId: string, { mail, mailbox, place, cutOff, proved, automatic }: Inbound): InboundMessage {
  const { subject, references, text, newWords, files, messageId } = mail;
  const body = (newWords || subject).slice(0, MOST_BODY);
  return {
    providerSid: sidOf(tenantId, mail), channel: 'email', address: mail.from.address, sender: mailbox.address, body, receivedAt: place.receivedAt,
    ...(mail.from.name ? { displayName: mail.from.name } : {}), trust: proved ? 'verified' : 'claimed',
    media: (cutOff ? [] : files.slice(0, MOST_ATTACHMENTS)).map(({ contentType }, position) => ({ url: mediaUrl(mailbox.id, place, position), contentType })),
    details: {
      email: { messageId, references, subject, fullText: body === text.trim() ? null : text.slice(0, MOST_FULL_TEXT), automatic, proved, ...(automatic ? { kind: automaticKind(mail, mailbox) } : {}) },
      words: remarks(mail, { body, cutOff, automatic, size: place.size }),
    },
  };
}

export function sidOf(tenantId: string, { messageId, from, date, subject, text, files }: Mail): string {
  const said = messageId ? [messageId] : [subject, text, ...files.map(({ bytes }) => createHash('sha256').update(bytes).digest('hex'))];
  const identity = [tenantId, from?.address ?? '', date?.toISOString() ?? '', ...said];
  return `mail.${createHash('sha256').update(JSON.stringify(identity)).digest('hex').slice(0, 40)}`;
}

function remarks({ subject, files }: Mail, { body, cutOff, automatic, size }: { body: string; cutOff: boolean; automatic: string | null; size: number }): string[] {
  return [
    ...(subject && subject !== body && !isReplySubject(subject) ? [`subject: ${plain(subject)}`] : []),
    ...(automatic ? ['sent by a program, not answered'] : []),
    ...(cutOff ? [`a mail of ${Math.round(size / 1_000_000)} MB, too large to be taken in whole; what is attached is in the mailbox only`] : []),
    ...(files.length > MOST_ATTACHMENTS && !cutOff ? [`${files.length - MOST_ATTACHMENTS} more attachments, in the mailbox only`] : []),
  ];
}

const plain = (text: string): string => oneLine(text).replaceAll('[', '(').replaceAll(']', ')').slice(0, MOST_QUOTED_SUBJECT);

/** Where an attachment is: in the mail itself, which stays in the mailbox. */
const mediaUrl = (mailboxId: string, { uidValidity, uid }: MailPlace, position: number): string => `mail://${mailboxId}/${uidValidity}/${uid}/${position}`;

export function placeOfMedia(url: string): { mailboxId: string; uidValidity: string; uid: number; position: number } | null {
  const [, mailboxId, uidValidity, uid, position] = /^mail:\/\/([0-9a-f-]{36})\/(\d+)\/(\d+)\/(\d+)$/.exec(url) ?? [];
  return mailboxId && uidValidity ? { mailboxId, uidValidity, uid: Number(uid), position: Number(position) } : null;
}
