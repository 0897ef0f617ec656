import { Hours, isTimeZone, WallClock } from '@throughline/kernel/wall-clock.js';
import type { Message, MessageDetails } from '../conversations/conversations.types.js';
import type { TenantSettings } from '../tenancy/tenancy.types.js';

/** What comes in without a turn of the assistant: a voicemail, a mail, or a message to people. */
export type Kind = 'voicemail' | 'email' | 'message';

export const kindOf = ({ channel }: Pick<Message, 'channel'>): Kind => (channel === 'voice' ? 'voicemail' : channel === 'email' ? 'email' : 'message');

type Said = Pick<Message, 'body' | 'details'>;

/** That of a mail that is passed on says what it is about, as no body below it does. */
const REPLY_SUBJECT = /^\s*(?:re|aw|antw|sv|vs)\s*(?:\[\d+\])?\s*:/i;

/** All that somebody says anew: of a mail its subject too, unless it is that of the mail that it answers. */
export function wordsOf({ body, details }: Said): string {
  const subject = details?.email?.subject.trim() ?? '';
  return subject === '' || subject === body || REPLY_SUBJECT.test(subject) ? body : `${subject}\n\n${body}`;
}

/**
 * Which lists of words count. Somebody who is away writes "in an emergency", and a newsletter of heart attacks; what the tenant watches for counts there too.
 * All of them count where the tenant watches the sender: many a device answers in the way of a program.
 */
export function listsFor({ details, address }: { details?: MessageDetails | null | undefined; address?: string | null | undefined }, { watchedSenders }: TenantSettings['triage']): { house: boolean; own: boolean } {
  const kind = isWatched(watchedSenders, address ?? '') ? undefined : details?.email?.kind;
  return { house: kind !== 'reply' && kind !== 'bulk', own: kind !== 'reply' };
}

/** Nobody vouches for the address that a mail says it is from. */
export const isUnproved = (details: MessageDetails | null | undefined): boolean => details?.email?.proved === false;

/** Whether people are there to read what comes in; null where the tenant has not said when they are. */
export function isOpen({ openingHours, timeZone }: Pick<TenantSettings, 'openingHours' | 'timeZone'>, at: Date): boolean | null {
  if (!openingHours) return null;
  const zone = isTimeZone(timeZone) ? timeZone : 'UTC';
  return new Hours(openingHours).include(new WallClock(zone, at.getTime(), at.getTime()).at(at.getTime()));
}

/** `ask`: the model judges it; `ruled`: it is known by what it is, and how urgent that is; `leave`: nobody is to judge it. */
export type Fate = { fate: 'ask' | 'leave' } | { fate: 'ruled'; urgency: number; reason: string };

/** What is to be done with a message that no turn looks at. @param open see `isOpen` */
export function fateOf({ triage }: TenantSettings, message: Pick<Message, 'body' | 'details' | 'address' | 'channel'>, open: boolean | null): Fate {
  const kind = kindOf(message);
  if (kind === 'voicemail') {
    if (message.body.trim() !== '') return { fate: triage.voicemail ? 'ask' : 'leave' };
    return open === true ? { fate: 'leave' } : { fate: 'ruled', urgency: triage.unwrittenUrgency, reason: 'A voicemail could not be written down: somebody has to listen to it' };
  }
  if (wordsOf(message).trim() === '') return { fate: 'leave' };
  if (kind === 'message') return { fate: triage.messages === 'always' || (triage.messages === 'closed' && open === false) ? 'ask' : 'leave' };
  if (!triage.email) return { fate: 'leave' };
  if (isWatched(triage.watchedSenders, message.address ?? '')) return { fate: 'ask' };
  const mail = message.details?.email?.kind;
  if (mail === 'reply') return { fate: 'ruled', urgency: 1, reason: "A program's answer, as its headers say" };
  if (mail === 'bulk') return { fate: 'ruled', urgency: 1, reason: 'A mail to many, as its headers say' };
  return { fate: 'ask' };
}

/** @param watched addresses, and domains with all below them */
export function isWatched(watched: readonly string[], address: string): boolean {
  const from = address.toLowerCase();
  return watched.map((each) => each.toLowerCase()).some((each) => from === each || (!each.includes('@') && (from.endsWith(`@${each}`) || from.endsWith(`.${each}`))));
}

/** Those at the beginning that are judged at once: of one kind, and from as sure a source. */
export function burstOf<M extends Pick<Message, 'authorKind' | 'channel' | 'address' | 'body' | 'details'>>(messages: readonly M[]): M[] {
  const theirs = messages.filter(({ authorKind }) => authorKind === 'contact');
  const [first] = theirs;
  if (!first) return [];
  const sort = (message: M): string => JSON.stringify([kindOf(message), message.address, message.details?.email?.kind, isUnproved(message.details), message.body.trim() === '']);
  const other = theirs.findIndex((message) => sort(message) !== sort(first));
  return other < 0 ? theirs : theirs.slice(0, other);
}
