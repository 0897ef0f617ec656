import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { erase, erasureStands, tablesWith, talksOfWalnuts } from '../harness/erasure.js';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

test('a person is erased from every table and from Twilio, the report says so, and who writes afterwards is somebody new', async () => {
  const customer = house.customer();
  const contactId = await talksOfWalnuts(house, customer);
  const { conversationSid } = await house.thread.conversation(customer);
  const before = await house.api<Record<string, unknown[]>>(`/contacts/${contactId}/export`);
  for (const store of ['addresses', 'messages', 'facts', 'turns', 'toolCalls', 'deliveries', 'transitions']) expect([store, before[store]!.length > 0]).toEqual([store, true]);
  expect(JSON.stringify(before)).toContain('walnut');

  expect(await erase(house, contactId)).toMatchObject({ state: 'requested' });
  await erasureStands(house, contactId, 'silenced');
  for (const path of [`/contacts/${contactId}`, `/contacts/${contactId}/export`, `/conversations/${conversationSid}/messages`]) expect((await house.call(path)).status).toBe(404);
  expect(await house.thread.conversations(customer)).toEqual([]);
  await house.forward('3m');
  const report = await erasureStands(house, contactId, 'done');
  expect(report).toMatchObject({
    counts: { contacts: 1, addresses: 1, conversations: 1, messages: 4, participants: 1, facts: 1, deliveries: 2, toolCalls: 2 },
    twilio: { conversation: { found: 1, removed: 1 }, message: { found: 4, removed: 4 }, user: { found: 1, removed: 1 } },
    remains: { addresses: 1, left: {}, elsewhere: {} },
  });
  expect(report.remains!.words).toBeGreaterThan(2);
  expect(await tablesWith(house, customer.address)).toEqual([]);
  expect(await tablesWith(house, 'walnut')).toEqual([]);
  expect(() => house.twilio.conversation(conversationSid)).toThrow();
  expect(await erase(house, contactId)).toEqual(report);
  await house.expectQuiet();

  customer.texts('What do you know about me?');
  await customer.expectsSms(/nothing about you yet/);
  await house.expectQuiet();
  expect((await house.thread.conversation(customer)).conversationSid).not.toBe(conversationSid);
});
