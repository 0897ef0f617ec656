import type { World } from '../world.js';
import { parseAddress } from './address.js';

/** WhatsApp takes free text only within 24 hours of the customer's last message (facts B.8; error 63016). */
const WINDOW_MS = 24 * 3_600_000;

export function outsideWindow(world: World, accountSid: string, customer: string): boolean {
  if (!world.switches.values.whatsappWindow || parseAddress(customer).channel !== 'whatsapp') return false;
  const texts = world.store.messagesByPhone.of(customer);
  const last = texts.findLast((message) => message.direction === 'inbound' && message.accountSid === accountSid);
  return last === undefined || world.clock.ms() - last.createdAt > WINDOW_MS;
}
