import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DESK } from '../harness/correspondent.js';
import { eventually } from '../harness/eventually.js';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse({ mail: true });
});
afterAll(() => house.close());

test('an automatic reply is kept and not answered', async () => {
  const ada = house.correspondent();
  house.post.setHabit(ada.address, 'vacation');
  await ada.writes('When do you open?');
  await ada.expectsMail(/open Monday to Friday/);
  await house.hasRead();
  await house.thread.has(ada, 'in: I am away until Monday.');
  await house.expectQuiet();
  expect(ada.inbox()).toHaveLength(1);
  expect((await house.thread.conversation(ada)).owner).toBe('assistant');
});

test('a mail that comes back is not delivered, and people are told', async () => {
  const ada = house.correspondent();
  house.post.setHabit(ada.address, 'bounces');
  await ada.writes('When do you open?');
  const { errorMeaning } = await house.thread.stands(ada, 'undelivered');
  expect(errorMeaning).toBe('A mail server sent it back (5.1.1: there is no such mailbox)');
  await house.thread.belongsTo(ada, 'queued');
  await house.expectQuiet();
});

test('two assistants do not talk to each other', async () => {
  await house.opensMailbox('other@clinic.test');
  const { id: tenant } = await house.api<{ id: string }>('/tenants', { method: 'POST', body: { name: 'Another clinic' } });
  const others = 'desk@another.test';
  const { token } = await house.api<{ token: string }>(`/tenants/${tenant}/tokens`, { method: 'POST', body: { name: 'setup' } });
  await house.opensMailbox(others, {}, token);
  // Somebody forges a mail from the other clinic's desk, which begins the talk.
  await house.post.write({ from: others, to: DESK, subject: 'Hello', text: 'When do you open?' });
  await eventually('the answer to be at the other clinic', () => house.post.mailbox(others).lastUid === 1);
  await house.hasRead(others);
  await house.expectQuiet();
  expect(house.post.mailbox(DESK).mails('INBOX').filter((mail) => mail.includes('From: "Another'))).toEqual([]);
  expect([house.post.mailbox(DESK).mails('Sent').length, house.post.mailbox(others).mails('Sent').length]).toEqual([expect.any(Number), 0]);
});

test('a program that bears no mark is answered so often, and then people are asked', async () => {
  const robot = house.correspondent();
  for (let n = 0; n < 8; n += 1) {
    await robot.writes(`Ping ${n}`);
    await robot.expectsMail(/./);
  }
  await robot.writes('Ping for ever');
  await house.thread.belongsTo(robot, 'queued');
  await house.expectQuiet();
});
