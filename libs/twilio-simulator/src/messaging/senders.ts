import { createHash } from 'node:crypto';
import type { OwnNumber } from '../entities.js';
import type { World } from '../world.js';
import { parseAddress } from './address.js';

/** Our sender of this address. A WhatsApp or RCS sender is registered under its own address or rides on its number. */
export function ownSender(world: World, address: string): OwnNumber | undefined {
  const exact = world.store.numberByAddress.first(address);
  return exact ?? world.store.numberByAddress.first(parseAddress(address).bare);
}

/** Who of a Messaging Service's pool writes to this person: always the same sender, like Twilio's sticky sender. */
export function pickSender(world: World, serviceSid: string, to: string): string | undefined {
  const { channel } = parseAddress(to);
  const pool = world.store.numbersByService.of(serviceSid).map((number) => number.phoneNumber);
  const own = pool.filter((address) => parseAddress(address).channel === channel);
  const borrowed = channel === 'whatsapp' ? pool.filter((address) => address.startsWith('+')).map((address) => `whatsapp:${address}`) : [];
  const usable = own.length > 0 ? own : borrowed;
  if (usable.length === 0) return undefined;
  return usable[createHash('sha256').update(to).digest().readUInt32BE(0) % usable.length];
}
