import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DESK } from '../harness/correspondent.js';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse({ mail: true });
});
afterAll(() => house.close());

test('a mail is answered by a mail in its thread, and the next one knows of the first', async () => {
  const ada = house.correspondent();
  const sent = house.post.mailbox(DESK).mails('Sent').length;
  house.model.next({ say: 'Dear Ada,\n\nwe are open **Monday to Friday**.\n\n- from 8\n- to 18\n' });
  const asked = await ada.writes('When do you open?\n\n-- \nAda Lovelace', { subject: 'Opening hours', name: 'Ada Lovelace', references: ['<older@example.test>'] });
  const answer = await ada.expectsMail(/we are open/);
  expect(answer).toMatchObject({
    subject: 'Re: Opening hours', from: `"Riverside Clinic" <${DESK}>`, to: ada.address,
    headers: { 'in-reply-to': asked, references: `<older@example.test> ${asked}`, 'auto-submitted': 'auto-replied', 'x-auto-response-suppress': 'OOF, AutoReply' },
  });
  expect(answer.html).toContain('<strong>Monday to Friday</strong>');
  expect(answer.replyTo).toMatch(/^desk\+t_[a-z2-7]{39}@clinic\.test$/);
  const [{ details }] = await house.thread.messages(ada) as unknown as [{ details: Record<string, unknown> }];
  expect(details).toMatchObject({ words: ['subject: Opening hours'], email: { subject: 'Opening hours', fullText: 'When do you open?\n\n-- \nAda Lovelace', proved: true } });

  house.model.next(({ lastUserText }) => [{ say: `You wrote: ${lastUserText}` }]);
  await ada.answers('And on Saturday?');
  const second = await ada.expectsMail(/^You wrote: And on Saturday\?$/);
  expect(second.references.at(-2)).toBe(answer.messageId);
  expect((await house.thread.messages(ada)).at(-2)).toMatchObject({ body: 'And on Saturday?', inReplyTo: (await house.thread.messages(ada))[1]!.id });
  await house.expectQuiet();
  expect(house.post.mailbox(DESK).mails('Sent')).toHaveLength(sent + 2);
});
