import type { Address, Trust } from '../contacts/contacts.types.js';
import type { LastWrote } from '../conversations/conversations.types.js';
import type { Sender } from '../tenancy/tenancy.types.js';
import type { Place } from './routes.types.js';

export interface Known {
  /** The addresses of the contact. */
  addresses: readonly Pick<Address, 'channel' | 'address' | 'trust'>[];
  lastWrote: readonly LastWrote[];
  senders: readonly Sender[];
  /** Whether an address is as surely theirs as the one that the message was said to. */
  isSure: (trust: Trust) => boolean;
  /** The person's phone number behind the address that the message was said to. */
  phone: string | null;
  /** Channels that may carry it, the first ones first; null: all, the one that the person used last first. */
  channels: readonly string[] | null;
  /** The person does not want it where it was said to: then only where they themselves have written. */
  unwanted: boolean;
}

type Spot = Pick<Place, 'channel' | 'address'>;

const isSame = (one: Spot, other: Spot): boolean => one.channel === other.channel && one.address === other.address;

/**
 * Where a message may go that cannot go where it was said to: as a text to the same phone first, then to where the person wrote
 * last. Only addresses that are as surely theirs: what may be said to a phone that its carrier vouches for is not for any mailbox. Never
 * to a chat: nobody may be there to read it, and its page shows what was said there.
 */
export function otherPlaces(own: Place, known: Known): Place[] {
  const { addresses, lastWrote, isSure, phone, unwanted, channels } = known;
  const used = (spot: Spot): number => lastWrote.find((each) => isSame(each, spot))?.at.getTime() ?? -1;
  const theirs: Spot[] = addresses.filter(({ channel, trust }) => channel !== 'chat' && isSure(trust)).toSorted((one, other) => used(other) - used(one));
  const samePhone: Spot[] = phone ? [{ channel: 'sms', address: phone }] : [];
  const spots = [...samePhone, ...theirs].filter((spot, at, all) =>
    !isSame(spot, own) && all.findIndex((each) => isSame(each, spot)) === at && (!unwanted || used(spot) >= 0));
  const allowed = channels ? channels.flatMap((channel) => spots.filter((spot) => spot.channel === channel)) : spots;
  return allowed.flatMap((spot) => placeAt(spot, own, known) ?? []);
}

/** By the sender that they know there, else the one with the same address, else the oldest. */
function placeAt({ channel, address }: Spot, own: Place, { senders, lastWrote }: Known): Place | null {
  const ours = senders.filter((sender) => sender.channel === channel);
  const wroteTo = lastWrote.find((each) => isSame(each, { channel, address }))?.sender;
  const sender = ours.find((each) => each.address === wroteTo) ?? ours.find((each) => each.address === own.sender) ?? ours[0];
  return sender ? { channel, address, sender: sender.address, messagingServiceSid: sender.messagingServiceSid, messagesPerSecond: sender.messagesPerSecond } : null;
}
