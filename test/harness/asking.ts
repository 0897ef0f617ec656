import type { Caller } from './caller.js';
import type { Customer } from './customer.js';
import type { House } from './house.js';

const transfer = { name: 'transfer_to_specialist', arguments: { reason: 'A question about the blue folder.', message: 'I am putting you through.' } };

/** Somebody calls and asks for a person, and is told that they are put through. */
export async function asksForSomebody(house: House): Promise<[Customer, Caller]> {
  const customer = house.customer();
  const call = customer.calls();
  await call.hears(/How can I help you/);
  house.model.next({ callTool: transfer });
  await call.says('Can I speak to somebody about the blue folder?');
  await call.hears(/putting you through/);
  return [customer, call];
}
