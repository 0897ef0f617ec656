import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../harness/eventually.js';
import { handIn, PICTURE as PIXEL } from '../harness/files.js';
import { type House, openHouse } from '../harness/house.js';
import type { ChatMessageView } from '../harness/visitor.js';


let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

test('a visitor attaches a picture: the assistant sees it, the page can show it, and nobody else has it', async () => {
  const visitor = await (await house.visitor()).connects();
  const brought = await visitor.brings('my arm.png', PIXEL, 'application/octet-stream');
  expect(brought.status).toBe(201);
  const { id, contentType } = (await brought.json()) as { id: string; contentType: string };
  expect(contentType).toBe('image/png');
  const stranger = await (await house.visitor()).connects();
  expect((await stranger.post('/messages', { clientId: randomUUID(), body: 'Mine?', attachments: [id] })).status).toBe(400);
  const said = (await (await visitor.post('/messages', { clientId: randomUUID(), body: 'What is this?', attachments: [id] })).json()) as ChatMessageView;
  expect(said.attachments).toMatchObject([{ name: 'my arm.png', contentType: 'image/png' }]);
  await visitor.expects(/I can see the picture/);
  const stored = await eventually('the page to hear that it is kept', () =>
    visitor.told('message').find((message) => message.id === said.id && message.attachments[0]?.state === 'stored'));
  const { href } = stored.attachments[0]!;
  const file = await visitor.get(href.replace('/api/chat', ''));
  expect([file.status, file.headers.get('content-type'), Buffer.from(await file.arrayBuffer()).equals(PIXEL)]).toEqual([200, 'image/png', true]);
  expect((await stranger.get(href.replace('/api/chat', ''))).status).toBe(404);
  expect(await house.database.query('select 1 from visitor_uploads')).toEqual([]);
  await house.expectQuiet();
});

test('a colleague sends a file: the page shows it, and only this page can fetch it', async () => {
  const visitor = await (await house.visitor()).connects();
  await visitor.says('Hello');
  await visitor.expects(/./);
  const { conversationSid } = (await house.api<{ items: { conversationSid: string }[] }>(`/conversations?address=${visitor.address}`)).items[0]!;
  const id = await handIn(house, conversationSid, PIXEL, 'the way.png');
  await house.api(`/conversations/${conversationSid}/messages`, { method: 'POST', body: { body: 'Here is the way.', staff: 'Dana', attachments: [id] } });
  const { attachments } = await visitor.expects(/^Here is the way\.$/);
  expect(attachments).toMatchObject([{ name: 'the way.png', contentType: 'image/png', state: 'stored' }]);
  const path = attachments[0]!.href.replace('/api/chat', '');
  const file = await visitor.get(path);
  expect([file.status, Buffer.from(await file.arrayBuffer()).equals(PIXEL)]).toEqual([200, true]);
  expect((await (await (await house.visitor()).connects()).get(path)).status).toBe(404);
  await house.expectQuiet();
});

test.each([
  ['a page under the name of a picture', Buffer.from('<html><script>alert(1)</script>'), 'image/png', 400],
  ['nothing', Buffer.alloc(0), 'image/png', 400],
  ['JSON', Buffer.from('{}'), 'application/json', 400],
  ['more than there is room for', Buffer.alloc(16_000_001, 1), 'image/png', 413],
])('%s is refused', async (_what, bytes, contentType, status) => {
  const visitor = await house.visitor();
  expect((await visitor.brings('x.png', bytes, contentType)).status).toBe(status);
  await house.expectQuiet();
});
