import type { Mail } from '@throughline/mail/mail.js';
import { isNoSuchAddress } from '@throughline/mail/smtp-failures.js';
import type { InboundMessage } from '../conversations/conversations.types.js';

/** Whose mails are told apart: our own addresses, and the mark that ours bear. */
export interface Ourselves {
  address: string;
}

/** A header of ours by which a mail that comes back is known. */
export const LOOP_HEADER = 'X-Loop';

const DAEMON = /^(mailer-daemon|postmaster)@/;
const NOBODY = /^(mailer-daemon|no-?reply|do-?not-?reply|bounces?|auto-?reply|notifications?)([+-].*)?@/;
const OUT_OF_OFFICE = /^(automatic reply|auto(matic|-)? ?response|out of (the )?office|abwesenheit(snotiz)?|automatische antwort|réponse automatique|respuesta automática)\s*:/i;

/** A mail that answers to nobody, as servers send their reports (RFC 5321, 4.5.5). */
const answersToNobody = (mail: Mail): boolean => mail.header('return-path').some((value) => value.replace(/\s/g, '') === '<>');

/**
 * A server says what became of a mail; nobody has written it, and nobody would read an answer. Without the part that a program reads it
 * is known by its name and by where answers go: a person may write as postmaster.
 */
export const isReport = (mail: Mail): boolean => mail.report !== null || (DAEMON.test(mail.from?.address ?? '') && answersToNobody(mail));

type Sign = (mail: Mail) => string | null;

const header = (name: string, matches: (value: string) => boolean, why = name): Sign => (mail) => (mail.header(name).some(matches) ? why : null);
const present = (name: string): Sign => header(name, (value) => value !== '');

/**
 * Signs by which programs give themselves away: RFC 3834, and what was in use before and beside it. Any of them will do: an answer
 * to a program may come back for ever, and one that a person misses is seen by staff in the thread.
 */
const SIGNS: Sign[] = [
  header('auto-submitted', (value) => !/^no\b/i.test(value)),
  header('precedence', (value) => /^(bulk|list|junk|auto_reply)\b/i.test(value)),
  present('x-autoreply'), present('x-autorespond'), present('x-autoresponder'), present('x-auto-reply-from'), present('x-mail-autoreply'),
  header('x-auto-response-suppress', (value) => /\b(all|oof|autoreply)\b/i.test(value)),
  present('x-ms-exchange-inbox-rules-loop'), present('list-id'), present('list-post'), present('list-unsubscribe'), present('feedback-id'),
  (mail) => (answersToNobody(mail) ? 'return-path' : null),
  (mail) => (NOBODY.test(mail.from?.address ?? '') ? 'From' : null),
  (mail) => (OUT_OF_OFFICE.test(mail.subject) ? 'Subject' : null),
];

/** What a program writes to many, and what it writes because somebody has written to it. All else is a notice: of a form, an order, a freezer. */
const LISTED = ['list-id', 'list-post', 'list-unsubscribe', 'feedback-id'];
const REPLYING = ['x-autoreply', 'x-autorespond', 'x-autoresponder', 'x-auto-reply-from', 'x-mail-autoreply'];

/** What kind of mail it is that no person wrote. One that a rule of a mailbox passes on is what it was before. */
export function automaticKind(mail: Mail, ourselves: Ourselves): 'bulk' | 'reply' | 'notice' {
  const says = (name: string, pattern: RegExp): boolean => mail.header(name).some((value) => pattern.test(value));
  if (isOurs(mail, ourselves) || REPLYING.some((name) => says(name, /./)) || says('auto-submitted', /^auto-replied\b/i) || says('precedence', /^auto_reply\b/i) || OUT_OF_OFFICE.test(mail.subject)) return 'reply';
  return LISTED.some((name) => says(name, /./)) || says('precedence', /^(bulk|list|junk)\b/i) ? 'bulk' : 'notice';
}

/** Others mark theirs by this header too: a list, a forwarder, a monitor. */
const isOurs = (mail: Mail, { address }: Ourselves): boolean => mail.header(LOOP_HEADER).some((value) => value.toLowerCase() === address);

/** By which header it is known that no person wrote a mail; null when nothing says so. */
export function automaticSign(mail: Mail, ourselves: Ourselves): string | null {
  if (isOurs(mail, ourselves)) return LOOP_HEADER;
  return SIGNS.map((sign) => sign(mail)).find((why) => why !== null) ?? null;
}

/** Longer than a weekend during which the mailbox could not be read. What lay there longer has mostly been settled otherwise. */
const STALE_MS = 3 * 86_400_000;

/** Why the assistant does not answer a mail; nothing where it may. @param ageMs how long it lay in the mailbox */
export function unansweredFor({ automatic, tooOften, ageMs }: { automatic: string | null; tooOften: boolean; ageMs: number }): Pick<InboundMessage, 'unanswered'> {
  if (automatic) return { unanswered: { why: `sent by a program (${automatic})`, people: false } };
  if (tooOften) return { unanswered: { why: 'mails go to and fro faster than people write, so the assistant stays silent', people: true } };
  return ageMs > STALE_MS ? { unanswered: { why: 'it lay in the mailbox for days before it was read, so the assistant stays silent', people: true } } : {};
}

/** As a receipt. `fallback`: the person cannot be reached at that address. */
export interface Reported {
  status: 'undelivered' | 'delivered';
  meaning: string;
  class?: 'fallback';
}

/** What a server reports (RFC 3464): the last word it has about any recipient. Each of our mails has one. */
export function reportedStatus({ report }: Mail): Reported | null {
  if (!report) return { status: 'undelivered', meaning: 'A mail server sent it back' };
  const action = /^Action:\s*([a-z]+)/im.exec(report.status)?.[1]?.toLowerCase();
  const code = /^Status:\s*([245]\.\d{1,3}\.\d{1,3})/im.exec(report.status)?.[1];
  if (action === 'delivered') return { status: 'delivered', meaning: '' };
  if (action !== 'failed') return null;
  const meaning = `A mail server sent it back${code ? ` (${code}${MEANINGS[code] ? `: ${MEANINGS[code]}` : ''})` : ''}`;
  return { status: 'undelivered', meaning, ...(isNoSuchAddress(code ?? '') ? { class: 'fallback' } : {}) };
}

/** RFC 3463. */
const MEANINGS: Record<string, string> = {
  '5.1.1': 'there is no such mailbox', '5.1.2': 'there is no such domain', '5.1.3': 'the address is not valid', '5.1.10': 'the domain takes no mail', '5.2.1': 'the mailbox is switched off',
  '5.2.2': 'the mailbox is full', '5.2.3': 'the mail is too large', '5.4.1': 'nobody answers there', '5.4.4': 'there is no way there', '5.7.1': 'it was refused by a rule', '4.4.7': 'it was tried for too long',
};
