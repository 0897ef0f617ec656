import type { Message } from '../conversations/conversations.types.js';

/** What the model reads in place of words that were to be forgotten. */
export const LEFT_OUT = '[left out: the customer asked that this be forgotten]';

/**
 * The thread as the model may see it. What the person wants forgotten is left out, except in the question that is
 * open now: it may be the very one that asks for it, and a turn that is thought of a second time has to understand it.
 *
 * @param withheld ids of messages, and of turns with all that they said
 * @param forgottenUpTo messages up to this seq are left out altogether
 */
export function withoutForgotten(messages: readonly Message[], withheld: ReadonlySet<string>, forgottenUpTo: number, openSeq: number): Message[] {
  return messages
    .filter(({ seq }) => seq > forgottenUpTo || seq === openSeq)
    .map((message) => (message.seq !== openSeq && isWithheld(message, withheld) ? { ...message, body: LEFT_OUT, media: [] } : message));
}

const isWithheld = ({ id, turnId }: Message, withheld: ReadonlySet<string>): boolean =>
  withheld.has(id) || (turnId !== null && withheld.has(turnId));
