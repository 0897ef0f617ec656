import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DESK } from '../harness/correspondent.js';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse({ mail: true });
});
afterAll(() => house.close());

// At `mail.received` the mail is in the record, and how far the mailbox is read is not. The points between are those of every channel.
test.each(['mail.received', 'send.claimed', 'send.accepted'])(
  'the hub dies at %s: after the restart the mail is one message, and there is one answer', async (point) => {
    const ada = house.correspondent();
    house.diesAt(point);
    await ada.writes('What are your opening hours?');
    await house.comesBack();
    await house.forward('2m');
    await ada.expectsMail(/open Monday to Friday/);
    await house.hasRead();
    await house.expectQuiet();
    expect((await house.thread.lines(ada)).map((line) => line.slice(0, 4))).toEqual(['in: ', 'out:']);
  },
);

test('it dies between the hand-over and the answer of the server: nobody knows, so nothing is sent again, and people are told', async () => {
  const ada = house.correspondent();
  house.diesAt('mail.handed_over');
  await ada.writes('What are your opening hours?');
  await house.comesBack();
  await house.forward('2m');
  await house.forward('20m');
  await house.thread.stands(ada, 'unknown');
  await house.thread.belongsTo(ada, 'queued');
  expect(ada.inbox()).toEqual([]);
  await house.expectQuiet();
});

test('a server that is set up anew numbers its mails anew: none is taken in twice, and none is missed', async () => {
  const ada = house.correspondent();
  await ada.writes('First question');
  await ada.expectsMail(/./);
  house.post.mailbox(DESK).renumber();
  await ada.writes('Second question', { messageId: '<second@example.test>' });
  await ada.expectsMail(/./);
  await house.hasRead();
  await house.expectQuiet();
  expect((await house.thread.lines(ada)).filter((line) => line.startsWith('in:'))).toEqual(['in: First question', 'in: Second question']);
});

test('the same mail by two ways is one message', async () => {
  const ada = house.correspondent();
  const mail = { from: ada.address, to: DESK, raw: `From: ${ada.address}\r\nTo: ${DESK}\r\nDate: Mon, 05 Jan 2026 09:00:00 +0000\r\nMessage-ID: <once@example.test>\r\nSubject: Hi\r\n\r\nHello there` };
  await house.post.write(mail);
  await house.post.write(mail);
  await ada.expectsMail(/./);
  await house.hasRead();
  await house.expectQuiet();
  expect(await house.thread.lines(ada)).toHaveLength(2);
});
