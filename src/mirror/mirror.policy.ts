import type { Message } from '../conversations/conversations.types.js';

/** Over REST Twilio takes no longer body in a Conversation (error 50504); WhatsApp texts and mails can be longer. */
const LONGEST_BODY = 1_600;

/**
 * What colleagues read in the Conversation: a place or an answer without words of its own says in ours what it is. Files are named;
 * they themselves are in the hub's thread.
 */
export function mirroredText({ body, details, media }: Pick<Message, 'body' | 'details' | 'media'>): string {
  const words = body ? [body] : (details?.words ?? []).map((each) => `[${each}]`);
  const attached = media.length > 0 ? [`[attached: ${media.map(({ contentType }) => contentType).join(', ')}]`] : [];
  return [...words, ...attached, ...offered(details)].join('\n');
}

/** Colleagues see what stood below our words, too. */
const offered = (details: Message['details']): string[] =>
  (details?.buttons ? [`[suggested replies: ${details.buttons.map(({ text }) => text).join(' | ')}]`] : []);

/** A body in as many pieces as the Conversation needs. Put together again they are the body, to the letter. */
export function mirrorPieces(body: string): string[] {
  if (body.length <= LONGEST_BODY) return [body];
  const cut = cutOf(body);
  return [body.slice(0, cut), ...mirrorPieces(body.slice(cut))];
}

/** Behind a blank, if there is one in the second half; else between characters. */
function cutOf(body: string): number {
  const blank = Math.max(body.lastIndexOf(' ', LONGEST_BODY - 1), body.lastIndexOf('\n', LONGEST_BODY - 1));
  if (blank >= LONGEST_BODY / 2) return blank + 1;
  return /[\uD800-\uDBFF]/.test(body[LONGEST_BODY - 1]!) ? LONGEST_BODY - 1 : LONGEST_BODY;
}

/** One Conversation per contact: making it a second time finds the first one. */
export const uniqueNameOf = (tenantId: string, contactId: string): string => `throughline.${tenantId}.${contactId}`;
