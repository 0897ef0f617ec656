import fs from 'node:fs';
import path from 'node:path';
import type { House } from './house.js';
import { CRASH_FILE } from './house.parts.js';

/** Undoes what a journey has set in a house that the next one comes into. What was said stays, and time goes on. */
export async function tidy(house: House, dataDir: string): Promise<void> {
  fs.rmSync(path.join(dataDir, CRASH_FILE), { force: true });
  house.twilio.clearFaults();
  house.model.reset();
  await house.start();
  const { settings } = await house.api<{ settings: object }>('/tenant');
  await house.api('/tenant', { method: 'PATCH', body: { settings: Object.fromEntries(Object.keys(settings).map((name) => [name, null])) } });
  // The next webhook registers its number anew. A mailbox is the house's own.
  const { items } = await house.api<{ items: { id: string; channel: string }[] }>('/senders?limit=100');
  for (const { id, channel } of items) if (channel !== 'email') await house.api(`/senders/${id}`, { method: 'DELETE' });
}
