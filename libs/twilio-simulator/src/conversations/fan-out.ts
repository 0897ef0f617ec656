import type { Participant } from '../entities.js';

export interface Leg {
  participant: Participant;
  from: string;
  to: string;
}

/**
 * The core rule of Conversations (facts B.1): every binding but the author's own gets the message, from its own proxy.
 * The author is matched by exact text, so `+1555…` and `whatsapp:+1555…` are two people; who has an identity only
 * gets nothing by phone.
 */
export function legsOf(author: string, participants: readonly Participant[]): Leg[] {
  const projected = participants.find((one) => one.binding?.projectedAddress !== undefined)?.binding?.projectedAddress;
  return participants.flatMap((participant) => {
    const { address, proxyAddress } = participant.binding ?? {};
    // A group member has no proxy of its own: the group writes from the projected address (facts B.9).
    const from = proxyAddress ?? projected;
    return address === undefined || from === undefined || address === author ? [] : [{
      participant, from, to: address,
    }];
  });
}

/** Whose message it is: the participant with this identity or address, if any (facts B.1). */
export function authorOf(author: string, participants: readonly Participant[]): Participant | undefined {
  return participants.find(({ identity, binding }) =>
    identity === author || binding?.address === author || binding?.projectedAddress === author);
}
