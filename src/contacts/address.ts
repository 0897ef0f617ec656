import { createHash } from 'node:crypto';
import type { Trust } from './contacts.types.js';
import { isKnown } from './trust.policy.js';

/** Channels whose addresses are phone numbers: the same number on each of them is one person. */
const PHONE_CHANNELS = new Set(['sms', 'whatsapp', 'rcs', 'voice']);

/** A message there makes a phone ring. */
export const ringsAt = (channel: string): boolean => PHONE_CHANNELS.has(channel);

/** `whatsapp:+1555…` -> channel and bare address; no prefix means SMS, as on Twilio's wire. */
export function parseAddress(wire: string): { channel: 'sms' | 'whatsapp' | 'rcs'; address: string } {
  const match = /^(whatsapp|rcs):(.+)$/.exec(wire);
  return match ? { channel: match[1] as 'whatsapp' | 'rcs', address: match[2]! } : { channel: 'sms', address: wire };
}

/** The inverse: how Twilio wants to see it. */
export const wireAddress = (channel: string, address: string): string =>
  channel === 'whatsapp' || channel === 'rcs' ? `${channel}:${address}` : address;

/** The author of this address's messages in the Conversation, and its participant's identity. */
export const identityOf = (channel: string, address: string): string => `${channel}:${address}`;

const E164 = /^\+[1-9]\d{6,14}$/;

export const isPhoneNumber = (address: string): boolean => E164.test(address);

/**
 * What an address says about who somebody is. A phone number is the person on every phone channel that vouches for it; any
 * other address (short code, WhatsApp user name), and a number that is only claimed, stands for itself.
 */
export function personKey(channel: string, address: string, trust: Trust): string {
  return PHONE_CHANNELS.has(channel) && isPhoneNumber(address) && isKnown(trust) ? `tel:${address}` : `${channel}:${address.toLowerCase()}`;
}

/** What is kept of the address of somebody who was erased, so that a STOP of theirs still holds. Says nothing by itself, but can be compared. */
export const erasedAddress = (tenantId: string, channel: string, address: string): string =>
  `erased:${createHash('sha256').update(`${tenantId}/${channel}/${address}`).digest('hex')}`;
