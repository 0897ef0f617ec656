/**
 * The carriers' words, which must be the whole message (twilio.com/docs/messaging/tutorials/advanced-opt-out,
 * "default keywords"). Twilio itself answers them once, so the assistant stays silent.
 */
const STOP = new Set(['stop', 'unsubscribe', 'end', 'quit', 'stopall', 'revoke', 'optout', 'cancel']);
const START = new Set(['start', 'yes', 'unstop']);
const HELP = new Set(['help', 'info']);

export type OptOutKeyword = 'stop' | 'start' | 'help';

/**
 * Whether a message is one of the carriers' keywords.
 *
 * @param optOutType what Twilio made of it, where Advanced Opt-Out is on; it decides then
 * @param optedOut whether the person is opted out now: "yes" only means START to somebody who is
 */
export function optOutKeyword(body: string, optOutType: string | undefined, optedOut: boolean): OptOutKeyword | null {
  const declared = optOutType?.toLowerCase();
  if (declared === 'stop' || declared === 'start' || declared === 'help') return declared;
  const word = body.trim().toLowerCase();
  if (STOP.has(word)) return 'stop';
  if (word === 'yes') return optedOut ? 'start' : null;
  if (START.has(word)) return 'start';
  return HELP.has(word) ? 'help' : null;
}
