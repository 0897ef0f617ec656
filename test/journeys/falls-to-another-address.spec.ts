import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { FRONT_DESK, type House, openHouse } from '../harness/house.js';
import { danaWrites, person } from '../harness/whatsapp.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
  await house.api('/senders', { method: 'POST', body: { channel: 'sms', address: FRONT_DESK } });
});
afterAll(() => house.close());

const HOURS = /open Monday to Friday/;

test('the WhatsApp account is gone: it goes as a text to the same number, once, and the thread says so', async () => {
  const { whatsapp, sms, number } = person(house);
  whatsapp.texts('What are your opening hours?');
  await whatsapp.expectsSms(HOURS);
  whatsapp.hasPhone('failed:63003');
  await danaWrites(house, whatsapp, 'Dana here: we are closed tomorrow.');
  await sms.expectsSms(/^Dana here/);
  expect(await house.thread.stands(whatsapp, 'delivered')).toMatchObject({ via: { channel: 'sms', address: number, why: `${number} could not be reached by WhatsApp` } });
  await house.expectQuiet();
});

test('who said STOP to texts, and wrote on WhatsApp before, is answered there', async () => {
  const { whatsapp, sms } = person(house);
  whatsapp.texts('What are your opening hours?');
  await whatsapp.expectsSms(HOURS);
  sms.texts('STOP');
  await sms.expectsSms(/unsubscribed/);
  await house.thread.has(sms, 'in: STOP');
  house.model.next({ say: 'On Saturday from nine to noon.' });
  sms.texts('And on Saturday?');
  await whatsapp.expectsSms(/^On Saturday from nine/);
  expect(await house.thread.stands(sms, 'delivered')).toMatchObject({ channel: 'sms', via: { channel: 'whatsapp', why: expect.stringContaining('has opted out of messages') } });
  await house.expectQuiet();
});

test('who said STOP on WhatsApp gets no text, because they never wrote one', async () => {
  const { whatsapp } = person(house);
  whatsapp.texts('STOP');
  await whatsapp.expectsSms(/no more messages/);
  await danaWrites(house, whatsapp, 'Dana here: we are closed tomorrow.');
  expect((await house.thread.stands(whatsapp, 'suppressed')).errorMeaning).toContain('has opted out of messages');
  await house.expectQuiet();
});

test('who wants no messages on any channel gets none on another, and the confirmation falls nowhere', async () => {
  const { whatsapp, sms } = person(house);
  sms.texts('What are your opening hours?');
  await sms.expectsSms(HOURS);
  await house.settle();
  whatsapp.hasPhone('failed:63003');
  whatsapp.texts('STOP');
  await house.thread.has(whatsapp, 'in: STOP');
  await house.settle();
  expect((await house.thread.messages(sms)).at(-1)).toMatchObject({ authorKind: 'system', status: 'failed', via: null });
  await house.expectQuiet();
});

test('where the tenant wants no other way, a message that fails has failed', async () => {
  await house.api('/tenant', { method: 'PATCH', body: { settings: { fallback: { channels: [] } } } });
  const { whatsapp } = person(house);
  whatsapp.texts('What are your opening hours?');
  await whatsapp.expectsSms(HOURS);
  whatsapp.hasPhone('failed:63003');
  await danaWrites(house, whatsapp, 'Dana here: we are closed tomorrow.');
  expect(await house.thread.stands(whatsapp, 'failed')).toMatchObject({ errorCode: 63_003, via: null });
  await house.api('/tenant', { method: 'PATCH', body: { settings: { fallback: null } } });
  await house.expectQuiet();
});
