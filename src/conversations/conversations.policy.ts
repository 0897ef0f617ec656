/**
 * How long to wait for the rest of a burst before the assistant answers, in milliseconds. People split a thought
 * over several texts some seconds apart; chat shows that they are typing; e-mail comes in one piece but rarely alone.
 */
const DEFAULTS: Record<string, number> = { sms: 1_500, whatsapp: 1_500, rcs: 1_500, chat: 400, email: 20_000, voice: 0 };

export function quietMs(channel: string, ofTenant: Partial<Record<string, number>>, override: number | undefined): number {
  if (channel === 'voice') return 0;
  return override ?? ofTenant[channel] ?? DEFAULTS[channel] ?? 0;
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
