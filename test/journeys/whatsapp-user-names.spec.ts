import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { FRONT_DESK, type House, openHouse } from '../harness/house.js';
import { danaWrites, hasTemplate, person, refusedAsLate } from '../harness/whatsapp.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

interface Contact {
  displayName: string;
  addresses: { channel: string; address: string }[];
}
const contacts = async (): Promise<Contact[]> => (await house.api<{ items: Contact[] }>('/contacts?limit=100')).items;

test('somebody without a number is answered, has a window and a contact, and is reached by template when it is closed', async () => {
  const before = (await contacts()).length;
  await hasTemplate(house);
  const customer = house.customer('whatsapp:US.13491208655302741918', `whatsapp:${FRONT_DESK}`);
  const wrote = (body: string): unknown => house.twilio.text({
    from: customer.address, to: customer.ourNumber, body, params: { ExternalUserId: customer.address, Username: 'maya.l', ProfileName: '', WaId: '' },
  });
  wrote('What are your opening hours?');
  await customer.expectsSms(/open Monday to Friday/);
  expect((await house.thread.conversation(customer)).whatsappWindow?.state).toBe('open');
  expect((await contacts()).slice(before)).toMatchObject([{ displayName: 'maya.l', addresses: [{ channel: 'whatsapp', address: 'US.13491208655302741918' }] }]);
  await house.forward('25h');
  await danaWrites(house, customer, 'Dana here: we are closed tomorrow.');
  await customer.expectsSms(/^Hi maya\.l, here is our answer: Dana here/);
  expect(refusedAsLate(house, customer)).toEqual([]);
  await house.api('/tenant', { method: 'PATCH', body: { settings: { whatsapp: null } } });
  await danaWrites(house, customer, 'Are you there?');
  expect((await house.thread.stands(customer, 'suppressed')).errorMeaning).toContain('there is no sender for text messages');
  await house.expectQuiet();
});

test('a number with an id beside it, and later the id alone, are one person with one conversation', async () => {
  const { whatsapp } = person(house);
  const byId = house.customer('whatsapp:US.2002', `whatsapp:${FRONT_DESK}`);
  house.twilio.text({ from: whatsapp.address, to: whatsapp.ourNumber, body: 'What are your opening hours?', params: { ExternalUserId: byId.address } });
  await whatsapp.expectsSms(/open Monday to Friday/);
  byId.texts('And what does a check-up cost?');
  await byId.expectsSms(/./);
  expect((await house.thread.conversation(byId)).conversationSid).toBe((await house.thread.conversation(whatsapp)).conversationSid);
  const inbound = (await house.thread.messages(whatsapp)).filter(({ direction }) => direction === 'inbound');
  expect(inbound.map(({ author }) => author)).toEqual([whatsapp.address, byId.address]);
  await house.expectQuiet();
});
