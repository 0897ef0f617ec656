import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { handIn, PICTURE } from '../harness/files.js';
import { type House, openHouse } from '../harness/house.js';
import { hasTemplate, person } from '../harness/whatsapp.js';

const LETTER = Buffer.from('%PDF-1.4\n%%EOF\n');

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

test('a letter and a picture: the words first, then each file as a message of its own', async () => {
  const { whatsapp } = person(house);
  whatsapp.texts('Hello');
  await whatsapp.expectsSms(/./);
  const { conversationSid } = await house.thread.conversation(whatsapp);
  const attachments = [await handIn(house, conversationSid, LETTER, 'directions.pdf'), await handIn(house, conversationSid, PICTURE)];
  await house.api(`/conversations/${conversationSid}/messages`, { method: 'POST', body: { body: 'The way, twice.', staff: 'Dana', attachments } });
  await whatsapp.expectsSms(/^The way, twice\.$/);
  for (const _ of attachments) await whatsapp.expectsSms(/^$/);
  await house.thread.stands(whatsapp, 'delivered');
  const shown = house.twilio.phone(whatsapp.address).messages.slice(-3).map(({ body, media }) => [body, media.map((url) => url.slice(0, 20))]);
  expect(shown).toEqual([['The way, twice.', []], ['', ['data:application/pdf']], ['', ['data:image/png;base6']]]);
  await house.expectQuiet();
});

test('when the window has closed, no template goes in place of the file: it goes round by MMS, and the thread says so', async () => {
  await hasTemplate(house);
  const [{ whatsapp, sms }, another] = [person(house), house.customer()];
  another.texts('Hello');
  await another.expectsSms(/./);
  whatsapp.texts('Hello');
  await whatsapp.expectsSms(/./);
  await house.expectQuiet();
  await house.forward('25h');
  const { conversationSid } = await house.thread.conversation(whatsapp);
  const id = await handIn(house, conversationSid, PICTURE);
  await house.api(`/conversations/${conversationSid}/messages`, { method: 'POST', body: { body: 'The map', staff: 'Dana', attachments: [id] } });
  await sms.expectsSms(/^The map$/);
  const { via } = await house.thread.stands(whatsapp, 'delivered');
  expect(via).toMatchObject({ channel: 'sms', contentSid: null, why: expect.stringMatching(/a template takes no files/) });
  expect(house.twilio.phone(sms.address).messages.at(-1)!.media).toHaveLength(1);
  await house.expectQuiet();
});
