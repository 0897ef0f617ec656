import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';

const OTHER_DESK = '+15550100055';

let house: House;
let another: { tenantId: string; token: string };
beforeAll(async () => {
  house = await openHouse();
  const { id: tenantId } = await house.api<{ id: string }>('/tenants', { method: 'POST', body: { name: 'Another clinic' } });
  another = { tenantId, ...(await house.api<{ token: string }>(`/tenants/${tenantId}/tokens`, { method: 'POST', body: { name: 'any' } })) };
  house.twilio.addNumber({ accountSid: house.account.sid, phoneNumber: OTHER_DESK, smsUrl: `${house.url}/webhooks/twilio/messaging` });
  await house.api('/senders', { method: 'POST', headers: { 'Tenant-Id': tenantId }, body: { channel: 'sms', address: OTHER_DESK } });
});
afterAll(() => house.close());

interface Line {
  direction: string;
  body: string;
}

async function threadsOf(address: string, token?: string): Promise<string[][]> {
  const { items } = await house.api<{ items: { conversationSid: string }[] }>(`/conversations?address=${encodeURIComponent(address)}`, { token });
  return Promise.all(items.map(async ({ conversationSid }) =>
    (await house.api<Line[]>(`/conversations/${conversationSid}/messages`, { token })).map(({ direction, body }) => `${direction}: ${body}`)));
}

test('one number that texts two tenants at the same instant is a person of each, with a thread and an answer of its own', async () => {
  const customer = house.customer();
  house.model.use([{ when: /the one clinic/, say: 'This is the one.' }, { when: /the other clinic/, say: 'This is the other.' }]);
  customer.texts('Is this the one clinic?');
  house.twilio.text({ from: customer.address, to: OTHER_DESK, body: 'Is this the other clinic?' });
  await Promise.all([customer.expectsSms(/the one/), customer.expectsSms(/the other/)]);
  await house.expectQuiet();
  expect(await threadsOf(customer.address)).toEqual([['inbound: Is this the one clinic?', 'outbound: This is the one.']]);
  expect(await threadsOf(customer.address, another.token)).toEqual([['inbound: Is this the other clinic?', 'outbound: This is the other.']]);
});

test('what the one knows of somebody the other is not told, and a STOP to the one is none to the other', async () => {
  house.model.reset();
  const customer = house.customer();
  customer.texts('Hi, my name is Zelda.');
  await customer.expectsSms(/./);
  house.twilio.text({ from: customer.address, to: OTHER_DESK, body: 'What is my name?' });
  expect(await customer.expectsSms(/./)).not.toContain('Zelda');
  expect(JSON.stringify(house.model.turns().at(-1))).not.toContain('Zelda');
  house.twilio.text({ from: customer.address, to: OTHER_DESK, body: 'STOP' });
  await customer.expectsSms(/unsubscribed/);
  customer.texts('What is my name?');
  await customer.expectsSms(/Zelda/);
  await house.expectQuiet();
});
