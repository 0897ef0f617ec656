import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { FRONT_DESK, type House, openHouse } from '../harness/house.js';
import { danaWrites, person, refusedAsLate } from '../harness/whatsapp.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

test('nobody may be written to any other way: the reply is held back, says why, and people are told', async () => {
  const { whatsapp } = person(house);
  whatsapp.texts('What are your opening hours?');
  await whatsapp.expectsSms(/open Monday to Friday/);
  const { conversationSid } = await house.thread.conversation(whatsapp);
  await house.api(`/conversations/${conversationSid}/owner`, { method: 'POST', body: { event: 'staff_took_over', staff: 'Dana' } });
  whatsapp.texts('And on Saturday?');
  await house.thread.has(whatsapp, 'in: And on Saturday?');
  await house.forward('25h');
  const held = await house.thread.stands(whatsapp, 'suppressed');
  expect(held).toMatchObject({ authorKind: 'assistant', via: null, errorMeaning: expect.stringMatching(/that was over at .*; no template is set up; there is no sender for text messages/) });
  expect((await house.thread.conversation(whatsapp)).owner).toBe('queued');
  expect(refusedAsLate(house, whatsapp)).toEqual([]);
  await house.expectQuiet();
});

test('without a template what is said too late goes by SMS to the same number, and the thread says so', async () => {
  const { whatsapp, sms, number } = person(house);
  await house.api('/senders', { method: 'POST', body: { channel: 'sms', address: FRONT_DESK } });
  whatsapp.texts('What are your opening hours?');
  await whatsapp.expectsSms(/open Monday to Friday/);
  await house.forward('25h');
  await danaWrites(house, whatsapp, 'Dana here: we are closed tomorrow.');
  await sms.expectsSms(/^Dana here/);
  const said = await house.thread.stands(whatsapp, 'delivered');
  expect(said.via).toEqual({ channel: 'sms', sender: FRONT_DESK, address: number, contentSid: null, why: expect.stringContaining('no template is set up') });
  expect(await house.thread.delivery(whatsapp, {})).toMatchObject({ channel: 'sms', contentSid: null });
  expect(refusedAsLate(house, whatsapp)).toEqual([]);
  await house.expectQuiet();
});

test('somebody who said STOP to our texts gets none instead of WhatsApp', async () => {
  const { whatsapp, sms } = person(house);
  sms.texts('STOP');
  await sms.expectsSms(/./);
  await house.thread.has(sms, 'in: STOP');
  whatsapp.texts('What are your opening hours?');
  await whatsapp.expectsSms(/open Monday to Friday/);
  await house.forward('25h');
  await danaWrites(house, whatsapp, 'Dana here: we are closed tomorrow.');
  expect((await house.thread.stands(whatsapp, 'suppressed')).errorMeaning).toContain('has opted out of text messages');
  await house.expectQuiet();
});
