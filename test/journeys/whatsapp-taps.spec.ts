import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { FRONT_DESK, type House, openHouse } from '../harness/house.js';
import { danaWrites, hasTemplate, person } from '../harness/whatsapp.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const sends = (from: string, body: string, params: Record<string, string> = {}, mediaUrls: string[] = []): string =>
  house.twilio.text({ from, to: `whatsapp:${FRONT_DESK}`, body, params, mediaUrls }).messageSid;
const shown = (): string => JSON.stringify(house.model.turns().at(-1));

test('a tapped button reads as its text, answers the message that it stands under, and the model is told which', async () => {
  const { whatsapp } = person(house);
  house.model.next({ say: 'Shall I book Tuesday for you?' });
  whatsapp.texts('Do you have a slot?');
  await whatsapp.expectsSms(/^Shall I book/);
  // Nobody taps before our own request has been answered.
  await house.thread.stands(whatsapp, 'delivered');
  const { sid } = whatsapp.inbox().at(-1)!;
  house.model.next({ say: 'Booked.' });
  sends(whatsapp.address, '', { ButtonText: 'Yes, please', ButtonPayload: 'book-7', MessageType: 'button', OriginalRepliedMessageSid: sid });
  await whatsapp.expectsSms(/^Booked/);
  const [, question, tap] = await house.thread.messages(whatsapp);
  expect(tap).toMatchObject({ body: 'Yes, please', inReplyTo: question!.id, details: { button: { text: 'Yes, please', payload: 'book-7' } } });
  expect(shown()).toMatch(/Yes, please.{0,10}\[in answer to: .{0,5}Shall I book Tuesday for you\?/);
  await house.expectQuiet();
});

test('the button below a template is tapped: the window is open again, and the answer goes in free text', async () => {
  await hasTemplate(house);
  const { whatsapp } = person(house);
  whatsapp.texts('What are your opening hours?');
  await whatsapp.expectsSms(/open Monday to Friday/);
  await house.forward('25h');
  await danaWrites(house, whatsapp, 'Dana here: we are closed tomorrow.');
  await whatsapp.expectsSms(/answer: Dana here/);
  const said = await house.thread.stands(whatsapp, 'delivered');
  house.twilio.tap(whatsapp.inbox().at(-1)!.sid, 'Go on');
  await house.thread.has(whatsapp, 'in: Go on');
  await danaWrites(house, whatsapp, 'What would you like to know?');
  await whatsapp.expectsSms(/^What would you like/);
  expect(await house.thread.stands(whatsapp, 'delivered')).toMatchObject({ via: null });
  expect((await house.thread.messages(whatsapp)).find(({ body }) => body === 'Go on')).toMatchObject({ inReplyTo: said.id });
  expect((await house.thread.conversation(whatsapp)).whatsappWindow?.state).toBe('open');
  await house.expectQuiet();
});

test('what answers the customer\'s own earlier message, or one that nobody knows, is received all the same', async () => {
  const { whatsapp } = person(house);
  const first = sends(whatsapp.address, 'Is Dr. Elm there on Friday?');
  await whatsapp.expectsSms(/./);
  sends(whatsapp.address, 'I meant this one', { OriginalRepliedMessageSid: first });
  await whatsapp.expectsSms(/./);
  sends(whatsapp.address, 'And this?', { OriginalRepliedMessageSid: `SM${'0'.repeat(32)}` });
  await whatsapp.expectsSms(/./);
  const inbound = (await house.thread.messages(whatsapp)).filter(({ direction }) => direction === 'inbound');
  expect(inbound.map(({ inReplyTo }) => inReplyTo)).toEqual([null, inbound[0]!.id, null]);
  await house.expectQuiet();
});

test('a place is told to the model and to colleagues in words, a photo as what it is', async () => {
  const { whatsapp } = person(house);
  house.model.next({ say: 'That is ten minutes from us.' });
  sends(whatsapp.address, '', { Latitude: '48.137', Longitude: '11.575', Label: 'Home' });
  await whatsapp.expectsSms(/^That is/);
  expect(shown()).toContain('[sent a location: Home; 48.137, 11.575]');
  house.model.next({ say: 'Thank you.' });
  sends(whatsapp.address, '', {}, ['https://example.com/rash.jpg']);
  await whatsapp.expectsSms(/^Thank you/);
  expect(shown()).toContain('[attached, not shown: image/jpeg]');
  await house.thread.isMirrored(whatsapp);
  expect((await house.thread.mirrored(whatsapp))[0]).toBe(`${whatsapp.address}: [sent a location: Home; 48.137, 11.575]`);
  await house.expectQuiet();
});
