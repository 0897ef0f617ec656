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
