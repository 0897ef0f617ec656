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
  remains: { left: object; elsewhere: Record<string, number> } | null;
}

const posts = (customer: Customer): unknown[] => house.twilio.requests().filter((request) => request.method === 'POST' && request.params['To'] === customer.address);
async function stands(contactId: string, state: string): Promise<Report> {
  return eventually(`the erasure of ${contactId} to be ${state}`, async () => {
    const answer = await house.call(`/contacts/${contactId}/erasure`);
    const report = answer.ok ? ((await answer.json()) as Report) : undefined;
    return report?.state === state ? report : undefined;
  }, 20_000);
}
async function contactOf(customer: Customer): Promise<string> {
  const { conversationSid } = await house.thread.conversation(customer);
  return (await house.api<{ contactId: string }>(`/conversations/${conversationSid}`)).contactId;
}
async function beginsToErase(customer: Customer): Promise<string> {
  const contactId = await contactOf(customer);
  await house.api(`/contacts/${contactId}/erasure`, { method: 'POST' });
  await stands(contactId, 'silenced');
  return contactId;
}

test('a STOP outlives its contact: who is erased and writes again is not answered before START', async () => {
  const customer = house.customer();
  customer.texts('STOP');
  await customer.expectsSms(/successfully been unsubscribed/);
  await house.settle();
  const contactId = await beginsToErase(customer);
  await house.forward('3m');
  expect((await stands(contactId, 'done')).counts).toMatchObject({ consents: 0, consentsKeptAsDigest: 1 });
  customer.texts('What are your opening hours?');
  await house.thread.stands(customer, 'suppressed');
  await house.settle();
  expect(posts(customer)).toEqual([]);
  customer.texts('START');
  await customer.expectsSms(/re-subscribed/);
  await house.thread.has(customer, 'in: START');
  customer.texts('What are your opening hours?');
  await customer.expectsSms(/open Monday to Friday/);
  await house.expectQuiet();
});

test('a person who writes again while being erased is somebody new at once, and keeps what is said from then on', async () => {
  const customer = house.customer();
  customer.texts('Please remember that I prefer mornings.');
  await customer.expectsSms(/I will remember that/);
  await house.settle();
  const contactId = await beginsToErase(customer);
  customer.texts('Please remember that I prefer evenings.');
  await customer.expectsSms(/I will remember that/);
  await house.forward('3m');
  const { remains } = await stands(contactId, 'done');
  expect(remains).toMatchObject({ left: {}, elsewhere: { addresses: 1, contacts: 1 } });
  customer.texts('What do you know about me?');
  await customer.expectsSms(/^This is what I have noted: you prefer evenings\.$/);
  await house.expectQuiet();
});

test('an answer that is being thought of is not said any more, and Twilio that fails is asked again', async () => {
  const customer = house.customer();
  customer.texts('Hello');
  await customer.expectsSms(/./);
  await house.settle();
  const contactId = await contactOf(customer);
  house.model.next(async () => {
    await beginsToErase(customer);
    return [{ say: 'You never get this.' }];
  });
  customer.texts('What do you know of walnuts in general?');
  await stands(contactId, 'silenced');
  house.twilio.fault({ kind: '500-before', match: { method: 'DELETE' }, times: 2 });
  await house.forward('3m');
  await stands(contactId, 'done');
  await house.expectQuiet();
});

test("another tenant's contact can neither be exported nor erased", async () => {
  const customer = house.customer();
  customer.texts('Hello');
  await customer.expectsSms(/./);
  await house.expectQuiet();
  const contactId = await contactOf(customer);
  const { id } = await house.api<{ id: string }>('/tenants', { method: 'POST', body: { name: 'Another' } });
  const { token } = await house.api<{ token: string }>(`/tenants/${id}/tokens`, { method: 'POST', body: { name: 'curious' } });
  const statuses = [];
  for (const [method, path] of [['GET', 'export'], ['POST', 'erasure'], ['GET', 'erasure']]) statuses.push((await house.call(`/contacts/${contactId}/${path}`, { method: method!, token })).status);
  expect(statuses).toEqual([404, 404, 404]);
  expect((await house.call(`/contacts/${contactId}`)).status).toBe(200);
});
