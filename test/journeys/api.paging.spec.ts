import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

interface Page {
  items: { name: string; address: string }[];
  nextCursor: string | null;
}

const addTenant = (name: string): Promise<unknown> => house.api('/tenants', { method: 'POST', body: { name } });
const next = (list: string, limit: number, { nextCursor }: Page): Promise<Page> => house.api(`${list}?limit=${limit}&cursor=${nextCursor}`);

test('pages neither repeat nor miss an entry while others are added', async () => {
  const present = (await house.api<Page>('/tenants?limit=100')).items.map(({ name }) => name);
  for (const name of ['1', '2', '3', '4', '5']) await addTenant(name);
  const first = await house.api<Page>(`/tenants?limit=${present.length + 2}`);
  await addTenant('6');
  const second = await next('/tenants', 3, first);
  await addTenant('7');
  const third = await next('/tenants', 3, second);
  expect([...first.items, ...second.items, ...third.items].map(({ name }) => name)).toEqual([...present, '1', '2', '3', '4', '5', '6', '7']);
  expect(third.nextCursor).toBeNull();
});

test('a last page that is just full has no next one', async () => {
  const all = await house.api<Page>('/tenants');
  expect((await house.api<Page>(`/tenants?limit=${all.items.length}`)).nextCursor).toBeNull();
  expect((await house.api<Page>(`/tenants?limit=${all.items.length - 1}`)).nextCursor).not.toBeNull();
});

test('each list refuses what is no cursor of its kind', async () => {
  const forged = (at: string, id: string): string => Buffer.from(`${at}|${id}`).toString('base64url');
  const uuid = '01991c2e-8f00-7c11-9a5e-2f4b6c8d0e1f';
  const sid = `CH${'0'.repeat(32)}`;
  const now = '2026-01-05T09:00:00.000Z';
  for (const list of ['/tenants', '/senders', '/contacts', '/deliveries', '/conversations']) {
    const [own, foreign] = list === '/conversations' ? [sid, uuid] : [uuid, sid];
    expect((await house.call(`${list}?cursor=${forged(now, own)}`)).status).toBe(200);
    for (const at of ['0000-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z']) expect((await house.call(`${list}?cursor=${forged(at, own)}`)).status).toBe(200);
    for (const cursor of ['', 'x', forged('soon', own), forged('+275760-09-13T00:00:00.000Z', own), forged('-271821-04-20T00:00:00.000Z', own), forged(now, foreign), forged(now, `${own}'--`)]) {
      const answer = await house.call(`${list}?cursor=${cursor}`);
      expect([answer.status, await answer.json()]).toEqual([400, expect.objectContaining({ errors: [expect.objectContaining({ path: 'cursor' })] })]);
    }
  }
});

test('the thread is a bare array, with a link to the next page while there is one', async () => {
  const customer = house.customer();
  for (const text of ['What are your opening hours?', 'And is there parking?']) {
    customer.texts(text);
    await customer.expectsSms(/./);
  }
  await house.expectQuiet();
  const { conversationSid } = await house.thread.conversation(customer);
  const seen: number[] = [];
  for (let path: string | undefined = `/api/v1/conversations/${conversationSid}/messages?limit=3`; path; ) {
    const answer: Response = await fetch(house.url + path, { headers: { Authorization: `Bearer ${house.adminToken}` } });
    seen.push(...((await answer.json()) as { seq: number }[]).map(({ seq }) => seq));
    path = /^<(.+)>; rel="next"$/.exec(answer.headers.get('link') ?? '')?.[1];
  }
  expect(seen).toEqual([1, 2, 3, 4]);
  expect(await house.api(`/conversations/${conversationSid}/messages?after=3`)).toEqual([expect.objectContaining({ seq: 4, direction: 'outbound' })]);
});
