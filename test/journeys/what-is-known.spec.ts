import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { textOf } from '@throughline/scripted-model/prompt.js';
import type { Customer } from '../harness/customer.js';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

interface Facts {
  items: { id: string; statement: string; sourceMessageId: string; channel: string; forgottenAt: string | null }[];
}

async function contactOf(customer: Customer): Promise<string> {
  const { conversationSid } = await house.thread.conversation(customer);
  return (await house.api<{ contactId: string }>(`/conversations/${conversationSid}`)).contactId;
}

async function asks(customer: Customer, question: string, answer: RegExp): Promise<void> {
  customer.texts(question);
  await customer.expectsSms(answer);
}

test('a customer asks what is known, has one thing forgotten, then everything, and it never comes back', async () => {
  const customer = house.customer();
  await asks(customer, 'What do you know about me?', /nothing about you yet/);
  await asks(customer, 'Please remember that I am allergic to walnuts.', /I will remember that/);
  await asks(customer, 'Please remember that I prefer mornings.', /I will remember that/);
  await asks(customer, 'What do you know about me?', /you are allergic to walnuts and you prefer mornings/);
  const contactId = await contactOf(customer);
  const { items } = await house.api<Facts>(`/contacts/${contactId}/facts`);
  const said = await house.thread.messages(customer);
  expect(items.map(({ channel, sourceMessageId }) => [channel, said.find(({ id }) => id === sourceMessageId)?.body])).toEqual([
    ['sms', 'Please remember that I am allergic to walnuts.'], ['sms', 'Please remember that I prefer mornings.'],
  ]);

  await asks(customer, 'Forget that I am allergic to walnuts', /That is forgotten/);
  await asks(customer, 'What do you know about me?', /^This is what I have noted: you prefer mornings\.$/);
  expect(house.model.turns().at(-1)!.body.messages.map(textOf).join('\n')).not.toContain('walnuts');
  expect((await house.api<Facts>(`/contacts/${contactId}/facts?history=true`)).items.map(({ statement }) => statement)).toEqual(['', 'I prefer mornings']);

  await asks(customer, 'Forget everything you know about me', /That is forgotten/);
  await asks(customer, 'What do you know about me?', /nothing about you yet/);
  await house.expectQuiet();
  const [left] = await house.database.query<{ words: number }>(
    `select count(*)::int as words from tool_calls where arguments::text || coalesce(result, '') ~ 'walnuts|mornings'`,
  );
  expect(left).toEqual({ words: 0 });
});

test('a colleague forgets for the customer, and nobody else can', async () => {
  const customer = house.customer();
  await asks(customer, 'Please remember that I prefer mornings.', /I will remember that/);
  const contactId = await contactOf(customer);
  const [fact] = (await house.api<Facts>(`/contacts/${contactId}/facts`)).items;
  const { id } = await house.api<{ id: string }>('/tenants', { method: 'POST', body: { name: 'Another' } });
  const { token } = await house.api<{ token: string }>(`/tenants/${id}/tokens`, { method: 'POST', body: { name: 'curious' } });
  const others = { token, method: 'DELETE' };
  expect((await house.call(`/contacts/${contactId}/facts`, { token })).status).toBe(404);
  expect((await house.call(`/contacts/${contactId}/facts/${fact!.id}`, others)).status).toBe(404);
  expect((await house.call(`/contacts/${contactId}/facts`, others)).status).toBe(404);

  await house.api(`/contacts/${contactId}/facts/${fact!.id}`, { method: 'DELETE' });
  expect((await house.call(`/contacts/${contactId}/facts/${fact!.id}`, { method: 'DELETE' })).status).toBe(404);
  expect(await house.api(`/contacts/${contactId}/facts`, { method: 'DELETE' })).toEqual({ forgotten: 0 });
  await asks(customer, 'What do you know about me?', /nothing about you yet/);
  await house.expectQuiet();
});
