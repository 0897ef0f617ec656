import { dashed } from '@throughline/kernel/ids.js';
import type { Mail } from '@throughline/mail/mail.js';
import type { Message } from '../conversations/conversations.types.js';

/** Marks of replies and forwards in the languages of common mail programs, also more than one, and with a count. */
const MARKS = /^\s*((re|aw|antw|sv|vs|ref|r|rif|res|odp|ynt|fwd?|wg|tr|rv|enc)(\[\d+\])?\s*[:：]\s*)+/i;

export const baseSubject = (subject: string): string => subject.replace(MARKS, '').replace(/\s+/g, ' ').trim();

export const isReplySubject = (subject: string): boolean => MARKS.test(subject);

const TAG = /^t_([a-z2-7]{26})([a-z2-7]{13})$/;

/** What stands behind the plus of the address that answers to one of our mails go to. Nobody can make one up for another's. */
export function tagOf(deliveryId: string, sign: (text: string) => Buffer): string {
  return `t_${base32(Buffer.from(deliveryId.replaceAll('-', ''), 'hex'))}${base32(sign(deliveryId).subarray(0, 8))}`;
}

/** The delivery that a mail to this address answers; null when it bears no mark of ours. */
export function deliveryTagged(addresses: readonly string[], mailbox: string, sign: (text: string) => Buffer): string | null {
  const [local, domain] = mailbox.split('@') as [string, string];
  for (const address of addresses) {
    const tag = address.startsWith(`${local}+`) && address.endsWith(`@${domain}`) ? address.slice(local.length + 1, -domain.length - 1) : '';
    const [, id] = TAG.exec(tag) ?? [];
    const deliveryId = id && uuidIn(id);
    if (deliveryId && tagOf(deliveryId, sign) === tag) return deliveryId;
  }
  return null;
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz234567';

function base32(bytes: Buffer): string {
  const bits = Array.from(bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{1,5}/g) ?? []).map((group) => ALPHABET[Number.parseInt(group.padEnd(5, '0'), 2)]!).join('');
}

function uuidIn(text: string): string {
  const bits = Array.from(text, (character) => ALPHABET.indexOf(character).toString(2).padStart(5, '0')).join('').slice(0, 128);
  const hex = (bits.match(/.{4}/g) ?? []).map((group) => Number.parseInt(group, 2).toString(16)).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

const MESSAGE_ID = /^<([0-9a-f]{32})\.([0-9a-f]{32})@[^>]+>$/;

/** The same for every attempt, so that a server that gets it twice can tell. */
export const messageIdOf = (deliveryId: string, mailbox: { id: string; address: string }): string =>
  `<${deliveryId.replaceAll('-', '')}.${mailbox.id.replaceAll('-', '')}@${mailbox.address.split('@')[1]}>`;

/** Which delivery, by which mailbox, a Message-ID is of; null when it is none of ours. */
export function ofMessageId(messageId: string): { deliveryId: string; mailboxId: string } | null {
  const [, delivery, mailbox] = MESSAGE_ID.exec(messageId) ?? [];
  return delivery && mailbox ? { deliveryId: dashed(delivery), mailboxId: dashed(mailbox) } : null;
}

/** Message-IDs of ours among these, the nearest first. */
export const oursAmong = (ids: readonly string[]): string[] => ids.filter((id) => ofMessageId(id) !== null).reverse();

/** A report is about one mail; who forges one may name thousands, and each would be looked up. */
const MOST_REPORTED = 20;
/** In characters. The mail that came back begins with what it was. */
const LONGEST_REPORT = 50_000;

/** Mails of this mailbox that a server's report names, each once. */
export function reportedIn({ report, text, references }: Pick<Mail, 'report' | 'text' | 'references'>, mailboxId: string): { deliveryId: string; providerSid: string }[] {
  const written = (report?.returned ?? text).slice(0, LONGEST_REPORT).matchAll(/<[0-9a-f]{32}\.[0-9a-f]{32}@[^<>\s]+>/g);
  return [...new Set([...Array.from(written, ([id]) => id), ...references])].flatMap((providerSid) => {
    const ours = ofMessageId(providerSid);
    return ours?.mailboxId === mailboxId ? [{ deliveryId: ours.deliveryId, providerSid }] : [];
  }).slice(0, MOST_REPORTED);
}

/** After that long the same subject is another matter. */
const SAME_MATTER_MS = 30 * 86_400_000;

/** Our mail that one without any reference answers: the newest one about its subject, to this address, of the last weeks. */
export function bySubject(mail: Pick<Mail, 'subject'>, thread: readonly Message[], address: string, now: Date): Message | null {
  const subject = baseSubject(mail.subject).toLowerCase();
  if (!isReplySubject(mail.subject) || subject === '') return null;
  return thread.findLast((message, index) => message.direction === 'outbound' && isMailTo(message, address)
    && now.getTime() - message.createdAt.getTime() <= SAME_MATTER_MS
    && baseSubject(answeredBy(thread.slice(0, index), address)?.details?.email?.subject ?? '').toLowerCase() === subject) ?? null;
}

const isMailTo = (message: Message, address: string): boolean => message.channel === 'email' && message.address === address;

/** The customer's mail that the next one of ours answers: the last that a person wrote there. */
export const answeredBy = (before: readonly Message[], address: string): Message | null =>
  before.findLast((message) => message.direction === 'inbound' && isMailTo(message, address) && !message.details?.email?.automatic) ?? null;

/** So many answers by the assistant in an hour to one address are no talk between people any more. */
const MOST_ANSWERS = 8;
const HOUR_MS = 3_600_000;

/** The last line against two programs that write to each other and that nothing else has told apart. */
export function answersTooOften(thread: readonly Message[], address: string, now: Date): boolean {
  return thread.filter((message) => message.direction === 'outbound' && message.authorKind !== 'staff' && isMailTo(message, address)
    && now.getTime() - message.createdAt.getTime() < HOUR_MS).length >= MOST_ANSWERS;
}
