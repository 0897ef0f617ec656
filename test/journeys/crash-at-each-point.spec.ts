import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

// `#2`: the second time, when it is the reply's copy that is under way and no longer the question's.
test.each([
  'inbox.stored', 'conversation.created', 'receive.committed', 'turn.claimed', 'turn.answered', 'say.committed',
  'send.claimed', 'send.accepted', 'send.saved', 'mirror.claimed', 'mirror.posted', 'mirror.saved', 'mirror.claimed#2', 'mirror.posted#2', 'mirror.saved#2',
])('the hub dies at %s: after the restart there is one reply on the phone, and each message in the Conversation once', async (point) => {
  const customer = house.customer();
  house.diesAt(point);
  customer.texts('What are your opening hours?');
  await house.comesBack();
  await house.forward('2m');
  const reply = await customer.expectsSms(/open Monday to Friday/);
  await house.expectQuiet();
  expect(await house.thread.lines(customer)).toEqual(['in: What are your opening hours?', `out: ${reply}`]);
  expect(await house.thread.mirrored(customer)).toEqual([`sms:${customer.address}: What are your opening hours?`, `assistant: ${reply}`]);
});
