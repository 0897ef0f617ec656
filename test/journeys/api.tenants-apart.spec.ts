import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';

let house: House;
let stranger: string;
let strangerId: string;
beforeAll(async () => {
  house = await openHouse();
  strangerId = (await house.api<{ id: string }>('/tenants', { method: 'POST', body: { name: 'Another clinic' } })).id;
  stranger = (await house.api<{ token: string }>(`/tenants/${strangerId}/tokens`, { method: 'POST', body: { name: 'any' } })).token;
});
afterAll(() => house.close());

test("another tenant's people, conversations and deliveries are not found, and in no list", async () => {
  const customer = house.customer();
  customer.texts('What are your opening hours?');
  await customer.expectsSms(/./);
  await house.expectQuiet();
  const { conversationSid } = await house.thread.conversation(customer);
  const idOf = async (list: string): Promise<string> => (await house.api<{ items: { id: string }[] }>(list)).items[0]!.id;
  const paths = [
    `/contacts/${await idOf('/contacts')}`, `/deliveries/${await idOf('/deliveries')}`, `/conversations/${conversationSid}`,
    ...['messages', 'transitions', 'participants'].map((part) => `/conversations/${conversationSid}/${part}`),
  ];
  for (const path of paths) {
    expect((await house.call(path)).status).toBe(200);
    expect((await house.call(path, { token: stranger })).status).toBe(404);
  }
  for (const list of ['/contacts', '/deliveries', '/conversations', '/senders', '/calls', `/conversations?address=${encodeURIComponent(customer.address)}`, `/deliveries?conversationSid=${conversationSid}`]) {
    expect(await house.api(list, { token: stranger })).toEqual({ items: [], nextCursor: null });
  }
});

test("nobody writes into, takes over or changes what is another tenant's", async () => {
  const [before] = await house.database.query<{ conversation_sid: string; epoch: number }>('select conversation_sid, epoch from conversations');
  const sender = (await house.api<{ items: { id: string; label: string | null }[] }>('/senders')).items[0]!;
  const write = { method: 'POST', token: stranger };
  const sid = before!.conversation_sid;
  expect((await house.call(`/conversations/${sid}/messages`, { ...write, body: { body: 'Hello', staff: 'Eve' } })).status).toBe(404);
  expect((await house.call(`/conversations/${sid}/owner`, { ...write, body: { event: 'closed' } })).status).toBe(404);
  expect((await house.call(`/senders/${sender.id}`, { method: 'PATCH', headers: { 'Tenant-Id': strangerId }, body: { label: 'mine' } })).status).toBe(404);
  await house.expectQuiet();
  expect(await house.database.query('select conversation_sid, epoch from conversations')).toEqual([before]);
  expect((await house.api<{ items: { label: string | null }[] }>('/senders')).items[0]!.label).toBe(sender.label);
});

test('a number belongs to one tenant of the account: the second to name it is refused', async () => {
  const named = { method: 'POST', headers: { 'Tenant-Id': strangerId } };
  const taken = await house.call('/senders', { ...named, body: { channel: 'sms', address: '+15550100001' } });
  expect([taken.status, await taken.json()]).toEqual([409, expect.objectContaining({ code: 'sender_taken' })]);
  const added = await house.api('/senders', { ...named, body: { channel: 'sms', address: '+15550100077', label: 'Reception' } });
  expect(added).toMatchObject({ address: '+15550100077', origin: 'api', label: 'Reception', messagesPerSecond: null });
});

test('a number has an engine for its callers; what takes no calls has none', async () => {
  const named = { method: 'POST', headers: { 'Tenant-Id': strangerId } };
  const added = await house.api<{ id: string }>('/senders', { ...named, body: { channel: 'voice', address: '+15550100078', engine: 'realtime' } });
  expect(added).toMatchObject({ channel: 'voice', engine: 'realtime' });
  const change = { method: 'PATCH', headers: { 'Tenant-Id': strangerId } };
  expect(await house.api(`/senders/${added.id}`, { ...change, body: { label: 'Front desk' } })).toMatchObject({ engine: 'realtime' });
  expect(await house.api(`/senders/${added.id}`, { ...change, body: { engine: null } })).toMatchObject({ engine: 'relay' });
  expect((await house.call('/senders', { ...named, body: { channel: 'sms', address: '+15550100079', engine: 'relay' } })).status).toBe(400);
  const texts = await house.api<{ id: string }>('/senders', { ...named, body: { channel: 'sms', address: '+15550100079' } });
  expect(texts).toMatchObject({ engine: null });
  expect((await house.call(`/senders/${texts.id}`, { ...change, body: { engine: 'vapi' } })).status).toBe(400);
});
