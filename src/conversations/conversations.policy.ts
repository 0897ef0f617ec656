import type { Button, Message, MessageDetails } from './conversations.types.js';

/**
 * How long to wait for the rest of a burst before the assistant answers, in milliseconds. People split a thought
 * over several texts some seconds apart; chat shows that they are typing; e-mail comes in one piece but rarely alone.
 */
const DEFAULTS: Record<string, number> = { sms: 1_500, whatsapp: 1_500, rcs: 1_500, chat: 400, email: 20_000, voice: 0 };

export function quietMs(channel: string, ofTenant: Partial<Record<string, number>>, override: number | undefined): number {
  if (channel === 'voice') return 0;
  return override ?? ofTenant[channel] ?? DEFAULTS[channel] ?? 0;
}

/** A bare number, as people answer to numbered lines. */
const CHOICE = /^\s*\(?([1-9]\d?)[.):]?\s*$/;

/** Whether a text may be meant as the number of a suggested reply. */
export const isNumber = (body: string): boolean => CHOICE.test(body);

/** The suggested reply that a number chooses: by its line. Where replies are numbers themselves they had no lines, and it is what it says. */
export function chosenIn(body: string, buttons: readonly Button[]): Button | null {
  if (buttons.some(({ text }) => CHOICE.test(text))) return buttons.find(({ text }) => text.trim() === body.trim()) ?? null;
  const [, number] = CHOICE.exec(body) ?? [];
  return (number && buttons[Number(number) - 1]) || null;
}

/**
 * Whether whoever sent this only shows the person's number, or writes in their name. Of a mail it does not matter where the assistant
 * is switched off: people having the conversation silences nobody then, and nobody else would see the mail.
 */
export const isUnproved = (details: MessageDetails | null | undefined, assistantAnswers: boolean): boolean =>
  details?.call?.proved === false || (assistantAnswers && details?.email?.proved === false);

/** Whether there is a mail that anybody may have sent among what came since the last answer. What a program wrote asks nothing. */
export function isAskedByAnybody(latest: readonly Message[]): boolean {
  const answered = latest.findLastIndex(({ direction }) => direction === 'outbound');
  return latest.slice(answered + 1).some(({ details }) => details?.email?.proved === false && !details.email.automatic);
}

/** Authors that are no human colleague: our own voice, and what Twilio calls a message without an author. */
const NOBODY = new Set(['', 'system', 'assistant']);

/**
 * Whether a message that we did not post was typed by a colleague (Flex, the Conversations SDK).
 *
 * @param customerIdentities the identities under which the customer's own messages are mirrored
 */
export function isStaffAuthor(author: string, customerIdentities: ReadonlySet<string>): boolean {
  return !NOBODY.has(author) && !customerIdentities.has(author);
}

/**
 * A lost webhook is found within minutes, in a quiet conversation of a large tenant within hours. Older words of a
 * colleague are new only to a record that was restored from a backup: the customer had them long ago.
 */
const LATEST_MS = 4 * 3_600_000;

export const isTooOldToSend = (writtenAt: Date, now: Date): boolean => now.getTime() - writtenAt.getTime() > LATEST_MS;

/** What is noted in the thread instead. */
export function oldWordsLine({ author, body, writtenAt }: { author: string; body: string; writtenAt: Date }): string {
  const when = `${writtenAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return `${author} wrote in the Conversation at ${when}. It was found too late to be sent; the customer may have it from then: ${body}`;
}

/** What is noted of words that were typed into a conversation which goes on elsewhere. */
export const mergedLine = ({ author, body }: { author: string; body: string }): string =>
  `${author} wrote in this Conversation after it was merged. It was not sent to the customer: ${body}`;

/** What the colleague is told there. */
export const notSentFromMerged = ({ author }: { author: string }, conversationSid: string | null): string =>
  `The message of ${author} was not sent: this conversation was merged. The customer is to be found in ${conversationSid ?? 'the conversation of the other contact'}.`;

export interface Typed {
  author: string;
  body: string;
  mediaTypes: string[];
}

/** What the thread shows of a colleague's message without words. */
export const wordless = ({ mediaTypes }: Typed): string => (mediaTypes.length === 0 ? '[no text]' : `[${mediaTypes.join(', ')}]`);

/** What colleagues are told when not all of a colleague's message can be sent to the customer; null when all of it can. */
export function notSent({ author, body, mediaTypes }: Typed): string | null {
  const hasWords = body.trim() !== '';
  if (mediaTypes.length === 0) return hasWords ? null : `A message of ${author} without text was not sent to the customer.`;
  const why = 'Attachments in the Conversation are not passed on to the customer yet.';
  const what = `The attachment of ${author} (${mediaTypes.join(', ')}) was not sent to the customer`;
  return hasWords ? `${what}, only the text was. ${why}` : `${what}. ${why}`;
}
