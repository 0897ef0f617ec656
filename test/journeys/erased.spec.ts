import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Customer } from '../harness/customer.js';
import { eventually } from '../harness/eventually.js';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

interface Report {
  state: string;
  counts: Record<string, number>;
  twilio: Record<string, { found: number; removed: number }>;
  remains: { left: Record<string, number>; elsewhere: Record<string, number>; addresses: number; words: number } | null;
}

async function talks(customer: Customer): Promise<{ contactId: string; conversationSid: string }> {
  customer.texts('Please remember that I am allergic to walnuts.');
  await customer.expectsSms(/I will remember that/);
  customer.texts('What is your policy on cancelled walnut cakes?');
  await customer.expectsSms(/nothing about that in our pages/);
  await house.expectQuiet();
  const { conversationSid } = await house.thread.conversation(customer);
  return { conversationSid, contactId: (await house.api<{ contactId: string }>(`/conversations/${conversationSid}`)).contactId };
}

const erase = (contactId: string): Promise<Report> => house.api(`/contacts/${contactId}/erasure`, { method: 'POST' });
const reported = (contactId: string, state: string): Promise<Report> => eventually(`the erasure of ${contactId} to be ${state}`, async () => {
  const report = await house.api<Report>(`/contacts/${contactId}/erasure`);
  return report.state === state ? report : undefined;
}, 15_000);

/** Tables of the database that hold this text in any column. */
async function tablesWith(text: string): Promise<string[]> {
  const tables = await house.database.query<{ name: string }>(`select tablename as name from pg_tables where schemaname = 'public'`);
  const found: string[] = [];
  for (const { name } of tables) {
    const rows = await house.database.query(`select 1 from ${name} t where strpos(to_jsonb(t)::text, $1) > 0 limit 1`, [text]);
    if (rows.length > 0) found.push(name);
  }
  return found;
}

test('a person is erased from every table and from Twilio, the report says so, and who writes afterwards is somebody new', async () => {
  const customer = house.customer();
  const { contactId, conversationSid } = await talks(customer);
  const before = await house.api<Record<string, unknown[]>>(`/contacts/${contactId}/export`);
  for (const store of ['addresses', 'messages', 'facts', 'turns', 'toolCalls', 'deliveries', 'transitions']) expect([store, before[store]!.length > 0]).toEqual([store, true]);
  expect(JSON.stringify(before)).toContain('walnut');

  expect(await erase(contactId)).toMatchObject({ state: 'requested' });
  await reported(contactId, 'silenced');
  for (const path of [`/contacts/${contactId}`, `/contacts/${contactId}/export`, `/conversations/${conversationSid}/messages`]) expect((await house.call(path)).status).toBe(404);
  expect(await house.thread.conversations(customer)).toEqual([]);
  await house.forward('3m');
  const report = await reported(contactId, 'done');
  expect(report).toMatchObject({
    counts: { contacts: 1, addresses: 1, conversations: 1, messages: 4, participants: 1, facts: 1, deliveries: 2, toolCalls: 2 },
    twilio: { conversation: { found: 1, removed: 1 }, message: { found: 4, removed: 4 }, user: { found: 1, removed: 1 } },
    remains: { addresses: 1, left: {}, elsewhere: {} },
  });
  expect(report.remains!.words).toBeGreaterThan(2);
  expect(await tablesWith(customer.address)).toEqual([]);
  expect(await tablesWith('walnut')).toEqual([]);
  expect(() => house.twilio.conversation(conversationSid)).toThrow();
  expect(await erase(contactId)).toEqual(report);
  await house.expectQuiet();

  customer.texts('What do you know about me?');
  await customer.expectsSms(/nothing about you yet/);
  await house.expectQuiet();
  expect((await house.thread.conversation(customer)).conversationSid).not.toBe(conversationSid);
});

test.each(['erasure.silenced', 'erasure.erased', 'erasure.copy_removed', 'erasure.copy_removed#3', 'erasure.removed'])(
  'the hub dies at %s: after the restart the erasure ends the same', async (point) => {
    const customer = house.customer();
    const { contactId } = await talks(customer);
    house.diesAt(point);
    await erase(contactId);
    if (point !== 'erasure.silenced') {
      await reported(contactId, 'silenced');
      await house.forward('3m');
    }
    await house.comesBack();
    await house.forward('3m');
    expect(await reported(contactId, 'done')).toMatchObject({ remains: { left: {}, elsewhere: {} }, twilio: { message: { found: 4, removed: 4 } } });
    expect(await tablesWith(customer.address)).toEqual([]);
    await house.expectQuiet();
  });
