import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { FRONT_DESK, type House, openHouse } from '../harness/house.js';
import { danaWrites, hasTemplate, person, refusedAsLate, TEMPLATE } from '../harness/whatsapp.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
  await hasTemplate(house);
});
afterAll(() => house.close());

const SENDING = { method: 'POST', path: '/Messages.json' };
const INSIDE = /^Hi Maya, here is our answer: Dana here: we are closed tomorrow\. Write to us to go on\.$/;
const posts = (to: string): unknown[] => house.twilio.requests().filter((request) => request.method === 'POST' && request.params['To'] === to);

/** Somebody who wrote so long ago. */
async function silentSince(time = '25h'): Promise<ReturnType<typeof person>> {
  const somebody = person(house);
  house.twilio.setPhone({ address: somebody.whatsapp.address, name: 'Maya Lopez' });
  somebody.whatsapp.texts('What are your opening hours?');
  await somebody.whatsapp.expectsSms(/open Monday to Friday/);
  await house.forward(time);
  return somebody;
}

test('what is said after the window has closed arrives inside the approved template', async () => {
  const { whatsapp } = await silentSince();
  await danaWrites(house, whatsapp, 'Dana here:\nwe are closed tomorrow.');
  await whatsapp.expectsSms(INSIDE);
  const said = await house.thread.stands(whatsapp, 'delivered');
  expect(said).toMatchObject({ body: 'Dana here:\nwe are closed tomorrow.', via: { channel: 'whatsapp', contentSid: TEMPLATE } });
  await house.expectQuiet();
});

test.each([['500-after'], ['drop-answer']] as const)('after %s the template is found in Twilio\'s list and never sent again', async (kind) => {
  const { whatsapp } = await silentSince();
  whatsapp.hasPhone('silent');
  house.twilio.fault({ kind, match: SENDING });
  await danaWrites(house, whatsapp, 'Dana here: we are closed tomorrow.');
  await house.thread.stands(whatsapp, 'retry_wait');
  await house.forward('10s');
  await whatsapp.expectsSms(INSIDE);
  await house.thread.stands(whatsapp, 'sent');
  await house.expectQuiet();
  expect(posts(whatsapp.address)).toHaveLength(2);
});

test('retries that cross the closing time: the last one goes inside the template, no free text comes too late', async () => {
  const { whatsapp } = await silentSince('1430m');
  house.twilio.fault({ kind: '429', times: 2, retryAfterS: 200, match: SENDING });
  await danaWrites(house, whatsapp, 'Dana here: we are closed tomorrow.');
  await house.thread.delivery(whatsapp, { state: 'retry_wait', attempt: 1 });
  await house.forward('210s');
  await house.thread.delivery(whatsapp, { state: 'retry_wait', attempt: 2 });
  await house.forward('210s');
  await whatsapp.expectsSms(INSIDE);
  expect(await house.thread.stands(whatsapp, 'delivered')).toMatchObject({ via: { contentSid: TEMPLATE } });
  expect(refusedAsLate(house, whatsapp)).toEqual([]);
  await house.expectQuiet();
});

test('WhatsApp has paused the template: it goes by SMS, once, and says so', async () => {
  const { whatsapp, sms } = await silentSince();
  await house.api('/senders', { method: 'POST', body: { channel: 'sms', address: FRONT_DESK } });
  house.twilio.decideOnContent(TEMPLATE, 'paused');
  await danaWrites(house, whatsapp, 'Dana here: we are closed tomorrow.');
  await sms.expectsSms(/^Dana here/);
  const said = await house.thread.stands(whatsapp, 'delivered');
  house.twilio.decideOnContent(TEMPLATE, 'approved');
  expect(said).toMatchObject({ errorCode: null, via: { channel: 'sms', contentSid: null, why: expect.stringContaining('the template was refused') } });
  await house.expectQuiet();
});
