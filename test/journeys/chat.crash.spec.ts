import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

test.each(['inbox.stored', 'receive.committed', 'turn.answered', 'say.committed', 'send.claimed', 'send.accepted', 'send.saved'])(
  'the hub dies at %s: the page sends its message again, and there is one question and one answer', async (point) => {
    const visitor = await house.visitor();
    const message = { clientId: randomUUID(), body: 'What are your opening hours?' };
    house.diesAt(point);
    const first = visitor.post('/messages', message).then((answer) => answer.status, () => 'no answer');
    await house.comesBack();
    expect([201, 'no answer']).toContain(await first);
    const again = await visitor.post('/messages', message);
    expect(again.status).toBe(200);
    await house.forward('2m');
    await house.settle();
    await house.thread.stands(visitor, 'sent');
    expect(await visitor.lines()).toEqual(['in: What are your opening hours?', expect.stringMatching(/^out: .*open Monday to Friday/)]);
    await house.thread.stands(visitor, 'delivered');
    await house.expectQuiet();
  },
);

test('the hub dies with an answer in its hands, and a colleague writes: the answer is never shown, and no page passes the colleague\'s words', async () => {
  const visitor = await house.visitor();
  house.model.next({ say: 'Nobody should read this.' });
  house.diesAt('send.claimed');
  const asked = visitor.post('/messages', { clientId: randomUUID(), body: 'When do you open?' }).catch(() => undefined);
  await house.comesBack();
  await asked;
  const { cursor } = await visitor.reads();
  await house.thread.change(visitor, { event: 'staff_took_over', staff: 'Dana' });
  const { conversationSid } = await house.thread.conversation(visitor);
  await house.api(`/conversations/${conversationSid}/messages`, { method: 'POST', body: { body: 'Dana here, at eight.', staff: 'Dana' } });
  for (const body of ['Hello?', 'Thank you', 'Bye']) await visitor.post('/messages', { clientId: randomUUID(), body });
  const first = await visitor.reads(`?after=${cursor}&limit=1`);
  expect(first).toMatchObject({ messages: [{ body: 'Hello?' }], hasMore: true });
  await house.forward('2m');
  await house.settle();
  const second = await visitor.reads(`?after=${first.cursor}&limit=5`);
  expect(second).toMatchObject({ messages: [{ body: 'Thank you' }, { body: 'Bye' }], hasMore: false });
  expect((await visitor.reads(`?after=${second.cursor}`)).messages.map(({ body }) => body)).toEqual(['Dana here, at eight.', 'Hello?', 'Thank you', 'Bye']);
  expect(await visitor.lines()).toEqual(['in: When do you open?', 'out: Dana here, at eight.', 'in: Hello?', 'in: Thank you', 'in: Bye']);
  await house.expectQuiet();
});
