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
    expect(await visitor.lines()).toEqual(['in: What are your opening hours?', expect.stringMatching(/^out: .*open Monday to Friday/)]);
    await house.thread.stands(visitor, 'delivered');
    await house.expectQuiet();
  },
);
