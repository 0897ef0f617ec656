import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { FRONT_DESK, type House, openHouse } from '../harness/house.js';
import { danaWrites, hasTemplate, person } from '../harness/whatsapp.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const POINTS = ['send.claimed', 'send.accepted', 'send.saved'];
const noTemplate = (): Promise<unknown> => house.api('/tenant', { method: 'PATCH', body: { settings: { whatsapp: null } } });

/** Dana's words to somebody who wrote yesterday, with a hub that dies on the way. */
async function saidAcross(point: string): Promise<ReturnType<typeof person>> {
  const somebody = person(house);
  somebody.whatsapp.texts('What are your opening hours?');
  await somebody.whatsapp.expectsSms(/open Monday to Friday/);
  await house.settle();
  await house.forward('25h');
  await house.settle();
  house.diesAt(point);
  await danaWrites(house, somebody.whatsapp, 'Dana here: we are closed tomorrow.');
  await house.comesBack();
  await house.forward('2m');
  return somebody;
}

test.each(POINTS)('the hub dies at %s with a template: it arrives once', async (point) => {
  await hasTemplate(house);
  const { whatsapp } = await saidAcross(point);
  await whatsapp.expectsSms(/answer: Dana here: we are closed tomorrow/);
  await house.settle();
  await house.forward('3m');
  await house.thread.stands(whatsapp, 'delivered');
  await house.expectQuiet();
});

test.each(POINTS)('the hub dies at %s with an SMS instead: it arrives once', async (point) => {
  await noTemplate();
  if (point === POINTS[0]) await house.api('/senders', { method: 'POST', body: { channel: 'sms', address: FRONT_DESK } });
  const { whatsapp, sms } = await saidAcross(point);
  await sms.expectsSms(/^Dana here: we are closed tomorrow/);
  await house.settle();
  await house.forward('3m');
  expect((await house.thread.stands(whatsapp, 'delivered')).via).toMatchObject({ channel: 'sms' });
  await house.expectQuiet();
});

test('the hub dies with a template in its hands, and nobody wants that template any more when it comes back: it goes by SMS, once', async () => {
  await hasTemplate(house);
  const somebody = person(house);
  somebody.whatsapp.texts('What are your opening hours?');
  await somebody.whatsapp.expectsSms(/open Monday to Friday/);
  await house.settle();
  await house.forward('25h');
  await house.settle();
  house.diesAt('send.claimed');
  await danaWrites(house, somebody.whatsapp, 'Dana here: we are closed tomorrow.');
  await house.comesBack();
  await noTemplate();
  await house.forward('2m');
  await somebody.sms.expectsSms(/^Dana here: we are closed tomorrow/);
  expect(somebody.whatsapp.inbox()).toHaveLength(1);
  await house.thread.stands(somebody.whatsapp, 'delivered');
  await house.expectQuiet();
});
