import type { OwnNumber } from '../entities.js';
import type { World } from '../world.js';
import { parseAddress } from './address.js';

export type Keyword = 'STOP' | 'START' | 'HELP';

// Twilio's default English keywords (facts D.4).
const KEYWORDS: Record<Keyword, readonly string[]> = {
  STOP: ['STOP', 'UNSUBSCRIBE', 'END', 'QUIT', 'STOPALL', 'REVOKE', 'OPTOUT', 'CANCEL'],
  START: ['START', 'YES', 'UNSTOP'],
  HELP: ['HELP', 'INFO'],
};

const KEYWORD_ANSWERS: Record<Keyword, string> = {
  STOP:
    'You have successfully been unsubscribed. You will not receive any more messages from this number. ' +
    'Reply START to resubscribe.',
  START:
    'You have successfully been re-subscribed to messages from this number. Reply HELP for help. ' +
    'Reply STOP to unsubscribe. Msg&Data Rates May Apply.',
  HELP: 'Reply STOP to unsubscribe. Msg&Data Rates May Apply.',
};

/** The body must be the keyword and nothing else; case and outer blanks do not matter. */
export function keywordOf(body: string): Keyword | undefined {
  const word = body.trim().toUpperCase();
  return (Object.keys(KEYWORDS) as Keyword[]).find((keyword) => KEYWORDS[keyword].includes(word));
}

/** One opts out of a whole Messaging Service, or of one number that belongs to none. */
export const scopeOf = (number: OwnNumber): string => number.messagingServiceSid ?? number.phoneNumber;

/** Keywords work on SMS and, since 2026-03, RCS of the same sender; WhatsApp has none (facts D.4). */
const recipientOf = (address: string): string | undefined => {
  const { channel, bare } = parseAddress(address);
  return channel === 'sms' || channel === 'rcs' ? bare : undefined;
};

export function isOptedOut(world: World, accountSid: string, address: string, scope: string): boolean {
  const recipient = recipientOf(address);
  return recipient !== undefined && world.store.optOuts.get(keyOf(accountSid, recipient, scope)) !== undefined;
}

/** Applies a keyword; the answer is owed only where something changed, or help was asked for. */
export function applyKeyword(world: World, keyword: Keyword, address: string, number: OwnNumber): string | undefined {
  const recipient = recipientOf(address);
  if (recipient === undefined) return undefined;
  const scope = scopeOf(number);
  const key = keyOf(number.accountSid, recipient, scope);
  const out = world.store.optOuts.get(key) !== undefined;
  if (keyword === 'HELP') return KEYWORD_ANSWERS.HELP;
  if (keyword === 'STOP' ? out : !out) return undefined;
  if (keyword === 'STOP') world.store.optOuts.save({ sid: key, recipient, scope });
  else world.store.optOuts.remove(key);
  return KEYWORD_ANSWERS[keyword];
}

const keyOf = (accountSid: string, recipient: string, scope: string): string => `${accountSid} ${recipient} ${scope}`;
