export interface Pair {
  /** The customer's address and ours, as on the wire. */
  address: string;
  proxyAddress: string;
}

/**
 * The customer of a Conversation that autocreation made: one texting person, and nobody with them. Where a colleague
 * or a second person has joined, somebody uses the Conversation, and closing it would cut them off.
 */
export function onlyCustomer(participants: { address: string | null; proxyAddress: string | null }[]): Pair | null {
  const [one, ...others] = participants;
  return one?.address && one.proxyAddress && others.length === 0 ? { address: one.address, proxyAddress: one.proxyAddress } : null;
}

/** The one thing that a message's two records at Twilio share. */
export const sameWords = (one: string | null, other: string | null): boolean => (one ?? '').trim() === (other ?? '').trim();
