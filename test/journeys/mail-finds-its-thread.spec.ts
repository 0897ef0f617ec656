import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DESK } from '../harness/correspondent.js';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse({ mail: true });
});
afterAll(() => house.close());

test.each([
  ['the address that it is sent to', { dropHeaders: true }],
  ['its subject', { dropHeaders: true, ignoreReplyTo: true }],
])('an answer without references finds its thread by %s', async (_how, how) => {
  const ada = house.correspondent();
  await ada.writes('When do you open?', { subject: 'Opening hours' });
  await ada.expectsMail(/open Monday to Friday/);
  await ada.answers('Thanks!', how);
  await ada.expectsMail(/./);
  const thread = await house.thread.messages(ada);
  expect(thread[2]).toMatchObject({ body: 'Thanks!', inReplyTo: thread[1]!.id });
  expect(ada.inbox().at(-1)).toMatchObject({ subject: 'Re: Opening hours' });
  await house.expectQuiet();
});

test('an answer from somebody else through the same address begins a thread of its own, and shows them nothing', async () => {
  const [ada, eve] = [house.correspondent(), house.correspondent()];
  await ada.writes('My name is Ada and my secret is 4711.');
  const { replyTo } = await ada.expectsMail(/./);
  await eve.writes('What is my secret?', { to: replyTo!, subject: 'Re: A question', references: [ada.inbox()[0]!.messageId], proof: 'pass' });
  await eve.expectsMail(/./);
  expect(JSON.stringify(house.model.turns().at(-1)!.body)).not.toContain('4711');
  expect(await house.thread.messages(eve)).toHaveLength(2);
  expect((await house.thread.messages(eve))[0]!.inReplyTo).toBeNull();
  expect(await house.thread.messages(ada)).toHaveLength(2);
  await house.expectQuiet();
});

test('STOP by mail is heard and confirmed once, and nothing goes out any more', async () => {
  const ada = house.correspondent();
  await ada.writes('When do you open?');
  await ada.expectsMail(/open Monday/);
  await ada.answers('Unsubscribe');
  await ada.expectsMail(/You will get no more messages from us here/);
  await ada.writes('And on Sunday?');
  await house.thread.stands(ada, 'suppressed');
  await ada.writes('', { subject: 'START', to: DESK });
  await ada.expectsMail(/You will get messages from us here again/);
  await house.expectQuiet();
});
