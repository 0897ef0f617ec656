import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

test.each(['call.heard', 'turn.claimed', 'say.committed', 'turn.answered'])('the hub dies at %s while somebody is on the phone: they are answered by the next one, and greeted once', async (point) => {
  const customer = house.customer();
  const call = customer.calls();
  await call.hears(/How can I help you/);
  house.model.use([{ when: /do you open/, say: 'At eight in the morning.' }]);
  house.diesAt(point);
  // Twilio asks what next when somebody is there to answer, as it does where there is another hub.
  house.twilio.fault({ kind: 'webhook-late', match: { event: 'voice', url: '/connect' }, delayMs: 30_000 });
  await call.says('When do you open?');
  await house.comesBack();
  await house.forward('30s');
  await call.hears(/cut off/);
  await call.hearsAllOf(/At eight in the morning/);
  call.hangsUp();
  await house.expectQuiet();
  expect(call.words().filter((words) => /How can I help/.test(words))).toHaveLength(1);
  const inbound = (await house.thread.messages(customer)).filter(({ direction }) => direction === 'inbound');
  expect(inbound.map(({ body }) => body)).toEqual(['When do you open?']);
});

test('a line that breaks again and again ends at voicemail, never in silence', async () => {
  const customer = house.customer();
  const call = customer.calls();
  await call.hears(/How can I help you/);
  for (const _ of [1, 2]) {
    call.loses();
    await call.hearsAllOf(/cut off/);
  }
  call.loses();
  await call.hearsBeep();
  await call.says('Please call me back about my appointment.');
  await house.forward('10s');
  await call.hears(/We will get back to you/);
  await call.isOver();
  await house.forward('4m');
  await house.thread.belongsTo(customer, 'queued');
  await house.expectQuiet();
  const message = (await house.thread.messages(customer)).findLast(({ direction }) => direction === 'inbound')!;
  expect(message).toMatchObject({ channel: 'voice', body: expect.stringMatching(/call me back about my appointment/) });
  expect(house.keptFiles.length).toBe(1);
});
