import type { Customer } from './customer.js';
import { eventually } from './eventually.js';
import type { House } from './house.js';

export interface ErasureView {
  state: string;
  counts: Record<string, number>;
  twilio: Record<string, { found: number; removed: number }>;
  remains: { left: Record<string, number>; elsewhere: Record<string, number>; addresses: number; words: number } | null;
}

/** The customer's contact, as the hub calls it. */
export async function contactOf(house: House, customer: Pick<Customer, 'address'>): Promise<string> {
  const { conversationSid } = await house.thread.conversation(customer);
  return (await house.api<{ contactId: string }>(`/conversations/${conversationSid}`)).contactId;
}

/** Something to remember, something to forget, and a search: it is in every store. @returns the contact */
export async function talksOfWalnuts(house: House, customer: Customer): Promise<string> {
  customer.texts('Please remember that I am allergic to walnuts.');
  await customer.expectsSms(/I will remember that/);
  customer.texts('What is your policy on cancelled walnut cakes?');
  await customer.expectsSms(/nothing about that in our pages/);
  await house.expectQuiet();
  return contactOf(house, customer);
}

export const erase = (house: House, contactId: string): Promise<ErasureView> => house.api(`/contacts/${contactId}/erasure`, { method: 'POST' });

/** Waits until the erasure has come so far. */
export function erasureStands(house: House, contactId: string, state: string): Promise<ErasureView> {
  return eventually(`the erasure of ${contactId} to be ${state}`, async () => {
    // The hub may be dying, or not be there again yet.
    const answer = await house.call(`/contacts/${contactId}/erasure`).catch(() => undefined);
    const report = answer?.ok ? ((await answer.json()) as ErasureView) : undefined;
    return report?.state === state ? report : undefined;
  });
}

/** Tables of the database that hold this text in any column. */
export async function tablesWith(house: House, text: string): Promise<string[]> {
  const tables = await house.database.query<{ name: string }>(`select tablename as name from pg_tables where schemaname = 'public'`);
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await house.database.query(`select 1 from ${name} t where strpos(to_jsonb(t)::text, $1) > 0 limit 1`, [text]);
    if (rows.length > 0) found.push(name);
  }
  return found;
}
