import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

interface Citation {
  turnId: string;
  title: string;
  passage: string;
  sourceUrl: string;
}

test("a question is answered from the tenant's own page, and the thread shows which passage that was", async () => {
  const body = '# Animals\nDogs wait outside, guide dogs come in.\n\n# Visits\nCancelling is free up to 24 hours before.';
  const page = await house.api<{ id: string }>('/knowledge', { method: 'POST', body: { title: 'House rules', body, sourceUrl: 'https://example.com/rules' } });
  const customer = house.customer();
  customer.texts('What is your policy on dogs?');
  await customer.expectsSms(/^Dogs wait outside, guide dogs come in\. \(from: House rules › Animals\)$/);
  await house.expectQuiet();
  const { conversationSid } = await house.thread.conversation(customer);
  const reply = (await house.thread.messages(customer)).at(-1) as unknown as { turnId: string };
  const { items } = await house.api<{ items: Citation[] }>(`/conversations/${conversationSid}/citations?turnId=${reply.turnId}`);
  expect(items).toEqual([expect.objectContaining({
    turnId: reply.turnId, title: 'House rules', passage: 'Dogs wait outside, guide dogs come in.', sourceUrl: 'https://example.com/rules',
  })]);

  await house.api(`/knowledge/${page.id}`, { method: 'DELETE' });
  customer.texts('And your policy on cats?');
  await customer.expectsSms(/nothing about that in our pages/);
  await house.expectQuiet();
});

test('pages are written, searched, paged and changed through the API, and what is out of shape is refused by its field', async () => {
  for (const title of ['One', 'Two', 'Three']) await house.api('/knowledge', { method: 'POST', body: { title, body: `Page ${title} on parking` } });
  const first = await house.api<{ items: { id: string; title: string }[]; nextCursor: string }>('/knowledge?limit=2');
  const second = await house.api<{ items: { title: string }[] }>(`/knowledge?limit=2&cursor=${first.nextCursor}`);
  expect([...first.items, ...second.items].map(({ title }) => title)).toEqual(['One', 'Two', 'Three']);
  const found = await house.api<{ title: string; headline: string }[]>('/knowledge/search?q=parked%20two');
  expect(found).toEqual([expect.objectContaining({ title: 'Two', headline: 'Page **Two** on **parking**' })]);
  const changed = await house.api<{ body: string }>(`/knowledge/${first.items[0]!.id}`, { method: 'PATCH', body: { body: 'Gone' } });
  expect(changed.body).toBe('Gone');

  const refused = async (path: string, init: { method: string; body?: unknown }): Promise<[number, string[]]> => {
    const answer = await house.call(path, init);
    return [answer.status, ((await answer.json()) as { errors?: { path: string }[] }).errors?.map((error) => error.path) ?? []];
  };
  expect(await refused('/knowledge', { method: 'POST', body: { title: ' ', body: ' ', sourceUrl: 'javascript:alert(1)' } })).toEqual([400, ['title', 'body', 'sourceUrl']]);
  expect(await refused('/knowledge', { method: 'POST', body: { title: 'x', body: 'y', tenantId: 'z' } })).toEqual([400, ['tenantId']]);
  expect(await refused('/knowledge/search', { method: 'GET' })).toEqual([400, ['q']]);
  expect((await house.call('/knowledge/none')).status).toBe(404);
});
