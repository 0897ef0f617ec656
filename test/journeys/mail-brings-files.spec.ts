import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DESK } from '../harness/correspondent.js';
import { contactOf, erase, erasureStands, tablesWith } from '../harness/erasure.js';
import { eventually } from '../harness/eventually.js';
import { handIn, PICTURE } from '../harness/files.js';
import { type House, openHouse } from '../harness/house.js';

const PIXEL = PICTURE.toString('base64');

let house: House;
beforeAll(async () => {
  house = await openHouse({ mail: true });
});
afterAll(() => house.close());

test('a picture within a mail is seen by the assistant and kept, and goes from the mailbox as well when the person is erased', async () => {
  const ada = house.correspondent();
  const picture = { filename: 'arm.png', contentType: 'image/png', base64: PIXEL, cid: 'arm' };
  await ada.writes('', { html: '<p>What is this on my arm? <img src="cid:arm"></p>', attachments: [picture] });
  await ada.expectsMail(/I can see the picture/);
  const [question] = await house.thread.messages(ada) as unknown as { id: string; media: { href: string }[] }[];
  const file = await eventually('the picture to be kept', async () => {
    const answer = await fetch(`${house.url}${question!.media[0]!.href}`, { headers: { Authorization: `Bearer ${house.adminToken}` } });
    return answer.status === 200 ? answer : undefined;
  });
  expect(Buffer.from(await file.arrayBuffer()).toString('base64')).toBe(PIXEL);
  expect(await house.api(`/mails/${question!.id}`)).toMatchObject({ subject: 'A question', html: '<p>What is this on my arm? </p>', files: [{ contentType: 'image/png', name: 'arm.png' }] });

  await house.expectQuiet();
  expect(house.post.mailbox(DESK).mails('Sent')).toHaveLength(1);
  const contactId = await contactOf(house, ada);
  await erase(house, contactId);
  await erasureStands(house, contactId, 'silenced');
  await house.forward('3m');
  expect(await erasureStands(house, contactId, 'done')).toMatchObject({ twilio: { message: { found: 2, removed: 2 } }, remains: { left: {} } });
  expect([...house.post.mailbox(DESK).mails('INBOX'), ...house.post.mailbox(DESK).mails('Sent')]).toEqual([]);
  expect(await tablesWith(house, ada.address)).toEqual([]);
  await house.expectQuiet();
});

test('a colleague answers with a file: it is in the mail, which is a letter like any other', async () => {
  const ada = house.correspondent();
  await ada.writes('Which way is it?');
  await ada.expectsMail(/./);
  const { conversationSid } = await house.thread.conversation(ada);
  const id = await handIn(house, conversationSid, PICTURE, 'way.png');
  await house.api(`/conversations/${conversationSid}/messages`, { method: 'POST', body: { body: 'This is the way.', staff: 'Dana', attachments: [id] } });
  const letter = await ada.expectsMail(/This is the way/);
  expect(letter.attachments).toEqual([{ filename: 'way.png', contentType: 'image/png', size: PICTURE.length }]);
  expect(letter.headers['auto-submitted']).toBeUndefined();
  await house.expectQuiet();
});

test('hostile HTML becomes plain words, and what is shown of it loads and runs nothing', async () => {
  const ada = house.correspondent();
  const html = '<style>p{color:red}</style><p onclick="steal()">When do you <b>open</b>?</p><script>alert(1)</script><img src="https://spy.test/x.gif"><a href="javascript:x()">here</a>';
  await ada.writes('', { html, subject: '<script>alert(2)</script>' });
  await ada.expectsMail(/open Monday/);
  const [question] = await house.thread.messages(ada);
  expect(question!.body).toBe('When do you open?\n\nhere');
  const whole = await house.api<{ html: string }>(`/mails/${question!.id}`);
  expect(whole.html).toContain('<b>open</b>');
  expect(whole.html).not.toMatch(/script|onclick|spy|style/);
  expect(ada.inbox()[0]!.html).not.toContain('<script');
  await house.expectQuiet();
});
