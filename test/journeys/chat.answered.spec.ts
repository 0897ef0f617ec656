import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

test('a visitor writes and is answered on the socket; what arrived and was read is known', async () => {
  const visitor = await (await house.visitor()).connects();
  house.model.next({ say: 'Good morning, **how** can I help?' });
  const said = await visitor.says('Hello');
  expect(said).toMatchObject({ direction: 'inbound', author: { kind: 'contact' }, body: 'Hello', status: 'received' });
  const answer = await visitor.expects(/Good morning/);
  expect(answer).toMatchObject({ author: { kind: 'assistant', name: 'Assistant' }, body: 'Good morning, **how** can I help?', status: 'sent' });
  expect(await visitor.emits('delivered', { ids: [answer.id] })).toEqual({ ok: true });
  await house.thread.stands(visitor, 'delivered');
  expect(await visitor.emits('read', { upTo: answer.cursor })).toEqual({ ok: true });
  await house.thread.stands(visitor, 'read');
  expect(await visitor.lines()).toEqual(['in: Hello', 'out: Good morning, **how** can I help?']);
  expect((await visitor.reads()).messages[0]).toMatchObject({ id: said.id, clientId: said.clientId });
  expect(await house.thread.mirrored(visitor)).toEqual([`chat:${visitor.address}: Hello`, 'assistant: Good morning, **how** can I help?']);
  await house.expectQuiet();
});

test('the same message twice, on the socket and by REST, is one', async () => {
  const visitor = await (await house.visitor()).connects();
  house.model.next({ say: 'Once.' });
  const clientId = randomUUID();
  const [first, second] = await Promise.all([visitor.says('Only once, please', clientId), visitor.says('Only once, please', clientId)]);
  expect(second.id).toBe(first.id);
  await visitor.expects(/^Once/);
  const again = await visitor.post('/messages', { clientId, body: 'Only once, please' });
  expect([again.status, ((await again.json()) as { id: string }).id]).toEqual([200, first.id]);
  expect(await visitor.lines()).toEqual(['in: Only once, please', 'out: Once.']);
  await house.expectQuiet();
});

test('who lost the connection fetches what was missed, and comes back as the same person', async () => {
  const visitor = await (await house.visitor()).connects();
  house.model.next({ say: 'First answer.' });
  await visitor.says('First question');
  await visitor.expects(/First answer/);
  const { cursor } = (await visitor.emits('sync', { after: null })) as unknown as { cursor: string };
  visitor.leaves();
  house.model.next({ say: 'Second answer.' });
  const sent = await visitor.post('/messages', { clientId: randomUUID(), body: 'Second question' });
  expect(sent.status).toBe(201);
  await house.thread.has(visitor, 'out: Second answer.');
  await house.settle();
  await visitor.opens(visitor.session.refreshToken);
  await visitor.connects();
  const { messages, hasMore } = (await visitor.emits('sync', { after: cursor })) as unknown as Awaited<ReturnType<typeof visitor.reads>>;
  expect([messages.map(({ body }) => body), hasMore]).toEqual([['Second question', 'Second answer.'], false]);
  await house.thread.stands(visitor, 'delivered');
  await house.expectQuiet();
});
