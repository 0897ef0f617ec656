import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';
import { danaWrites, person, refusedAsLate } from '../harness/whatsapp.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

test('on WhatsApp a question is answered in free text, the answer is read, and the thread shows both and how long the window is open', async () => {
  const { whatsapp } = person(house);
  whatsapp.hasPhone('read').texts('What are your opening hours?');
  await whatsapp.expectsSms(/open Monday to Friday/);
  expect(await house.thread.stands(whatsapp, 'read')).toMatchObject({ channel: 'whatsapp', via: null });
  const { whatsappWindow } = await house.thread.conversation(whatsapp);
  expect(whatsappWindow?.state).toBe('open');
  await house.forward('23h');
  expect((await house.thread.conversation(whatsapp)).whatsappWindow).toEqual({ ...whatsappWindow, state: 'closing' });
  await house.forward('1h');
  expect((await house.thread.conversation(whatsapp)).whatsappWindow).toEqual({ ...whatsappWindow, state: 'closed' });
  await house.expectQuiet();
});

test('the window opens again when the person writes', async () => {
  const { whatsapp } = person(house);
  whatsapp.texts('What are your opening hours?');
  await whatsapp.expectsSms(/open Monday to Friday/);
  await house.forward('30h');
  whatsapp.texts('Are you open on Sunday?');
  await whatsapp.expectsSms(/./);
  await danaWrites(house, whatsapp, 'Dana here, glad to hear from you.');
  await whatsapp.expectsSms(/^Dana here/);
  expect(await house.thread.stands(whatsapp, 'delivered')).toMatchObject({ channel: 'whatsapp', via: null });
  expect(refusedAsLate(house, whatsapp)).toEqual([]);
  await house.expectQuiet();
});
