import { createHash } from 'node:crypto';
import type { OwnNumber } from '../entities.js';
import type { World } from '../world.js';
import { parseAddress } from './address.js';

/** Our sender of this address. A WhatsApp or RCS sender is registered under its own address or rides on its number. */
export function ownSender(world: World, address: string): OwnNumber | undefined {
  const exact = world.store.numberByAddress.first(address);
  return exact ?? world.store.numberByAddress.first(parseAddress(address).bare);
}

/** The RCS sender of a Messaging Service's pool, if it has one. */
export const rcsSenderOf = (world: World, serviceSid: string): string | undefined =>
  world.store.numbersByService.of(serviceSid).map((number) => number.phoneNumber).find((address) => parseAddress(address).channel === 'rcs');

/** Who of a Messaging Service's pool writes to this person: always the same sender, like Twilio's sticky sender. */
export function pickSender(world: World, serviceSid: string, to: string): string | undefined {
  const { channel } = parseAddress(to);
  const pool = world.store.numbersByService.of(serviceSid).map((number) => number.phoneNumber);
  const own = pool.filter((address) => parseAddress(address).channel === channel);
  // A WhatsApp sender may ride on a number that is not registered as `whatsapp:` itself.
  const numbers = channel === 'whatsapp' ? pool.filter((address) => address.startsWith('+')) : [];
  const usable = own.length > 0 ? own : numbers.map((address) => `whatsapp:${address}`);
  if (usable.length === 0) return undefined;
  return usable[createHash('sha256').update(to).digest().readUInt32BE(0) % usable.length];
}
