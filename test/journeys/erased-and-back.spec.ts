import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Customer } from '../harness/customer.js';
import { contactOf, erase, erasureStands } from '../harness/erasure.js';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

async function beginsToErase(customer: Customer): Promise<string> {
  const contactId = await contactOf(house, customer);
  await erase(house, contactId);
  await erasureStands(house, contactId, 'silenced');
  return contactId;
}

test('a person who writes again while being erased is somebody new at once, and keeps what is said from then on', async () => {
  const customer = house.customer();
  customer.texts('Please remember that I prefer mornings.');
  await customer.expectsSms(/I will remember that/);
  await house.settle();
  const contactId = await beginsToErase(customer);
  customer.texts('Please remember that I prefer evenings.');
  await customer.expectsSms(/I will remember that/);
  await house.forward('3m');
  const { remains } = await erasureStands(house, contactId, 'done');
  expect(remains).toMatchObject({ left: {}, elsewhere: { addresses: 1, contacts: 1 } });
  customer.texts('What do you know about me?');
  await customer.expectsSms(/^This is what I have noted: you prefer evenings\.$/);
  await house.expectQuiet();
});

test('an answer that is being thought of is not said any more; Twilio that fails is asked again, and removes pictures too', async () => {
  const customer = house.customer();
  house.twilio.text({ from: customer.address, to: customer.ourNumber, body: 'Hello', mediaUrls: ['https://example.com/face.jpg'] });
  await customer.expectsSms(/./);
  await house.settle();
  const contactId = await contactOf(house, customer);
  house.model.next(async () => {
    await beginsToErase(customer);
    return [{ say: 'You never get this.' }];
  });
  customer.texts('What do you know of walnuts in general?');
  await erasureStands(house, contactId, 'silenced');
  house.twilio.fault({ kind: '500-before', match: { method: 'DELETE' }, times: 2 });
  await house.forward('3m');
  await erasureStands(house, contactId, 'done');
  const deleted = house.twilio.requests().filter(({ method, status }) => method === 'DELETE' && status === 204).map(({ path }) => path.split('/').at(-2));
  expect(deleted).toContain('Media');
  await house.expectQuiet();
});

test("another tenant's contact can neither be exported nor erased", async () => {
  const customer = house.customer();
  customer.texts('Hello');
  await customer.expectsSms(/./);
  await house.expectQuiet();
  const contactId = await contactOf(house, customer);
  const { id } = await house.api<{ id: string }>('/tenants', { method: 'POST', body: { name: 'Another' } });
  const { token } = await house.api<{ token: string }>(`/tenants/${id}/tokens`, { method: 'POST', body: { name: 'curious' } });
  const statuses = [];
  for (const [method, path] of [['GET', 'export'], ['POST', 'erasure'], ['GET', 'erasure']]) statuses.push((await house.call(`/contacts/${contactId}/${path}`, { method: method!, token })).status);
  expect(statuses).toEqual([404, 404, 404]);
  expect((await house.call(`/contacts/${contactId}`)).status).toBe(200);
});
