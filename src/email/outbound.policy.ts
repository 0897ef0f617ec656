import type { Draft } from '@throughline/mail/compose.js';
import type { Message } from '../conversations/conversations.types.js';
import { LOOP_HEADER } from './automatic.policy.js';
import { baseSubject, messageIdOf } from './threading.policy.js';

export interface Outbound {
  delivery: { id: string; body: string; address: string };
  message: Pick<Message, 'authorKind' | 'purpose'>;
  mailbox: { id: string; address: string; senderName: string | null; plusAddressing: boolean };
  businessName: string;
  /** The customer's mail that this one answers. */
  answered: Message | null;
  tag: string;
  now: Date;
}

/** Gmail refuses to thread by more, and some servers refuse longer headers. */
const MOST_REFERENCES = 20;
/** RFC 5321, 4.5.3.1.1. */
const LONGEST_LOCAL_PART = 64;

/** A mail of ours, in the thread of the mail that it answers. */
export function draftOf({ delivery, message, mailbox, businessName, answered, tag, now }: Outbound): Draft {
  const about = answered?.details?.email;
  const subject = baseSubject(about?.subject ?? '');
  const marketing = message.purpose === 'marketing';
  return {
    from: { name: mailbox.senderName ?? businessName, address: mailbox.address }, to: delivery.address, ...replyToOf(mailbox, tag),
    subject: about && subject ? `Re: ${subject}` : about ? 'Re:' : `A message from ${businessName}`, words: delivery.body, messageId: messageIdOf(delivery.id, mailbox), date: now,
    ...(about?.messageId ? { inReplyTo: about.messageId } : {}), references: about ? chain([...about.references, about.messageId ?? '']) : [],
    headers: {
      [LOOP_HEADER]: mailbox.address,
      // Programs that know RFC 3834 do not answer these, nor does Exchange. What a colleague wrote is a letter like any other.
      ...(message.authorKind === 'staff' ? {} : { 'Auto-Submitted': 'auto-replied', 'X-Auto-Response-Suppress': 'OOF, AutoReply' }),
      ...(marketing ? { 'List-Unsubscribe': `<mailto:${mailbox.address}?subject=unsubscribe>` } : {}),
    },
  };
}

/** A mail about an incident. Programs that know RFC 3834 do not answer it. */
export function alertDraft(attempt: { id: string; address: string }, mailbox: Outbound['mailbox'], words: { body: string; subject: string; businessName: string }, now: Date): Draft {
  return {
    from: { name: mailbox.senderName ?? words.businessName, address: mailbox.address }, to: attempt.address, subject: words.subject, words: words.body, messageId: messageIdOf(attempt.id, mailbox),
    references: [], date: now,
    headers: { [LOOP_HEADER]: mailbox.address, 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All', 'X-Priority': '1', Importance: 'high' },
  };
}

/** The first one, which programs thread by, and the nearest. */
function chain(ids: string[]): string[] {
  const known = ids.filter(Boolean);
  return known.length <= MOST_REFERENCES ? known : [known[0]!, ...known.slice(1 - MOST_REFERENCES)];
}

function replyToOf({ address, plusAddressing }: Outbound['mailbox'], tag: string): { replyTo?: string } {
  const [local, domain] = address.split('@');
  const tagged = `${local}+${tag}`;
  return plusAddressing && tagged.length <= LONGEST_LOCAL_PART ? { replyTo: `${tagged}@${domain}` } : {};
}
