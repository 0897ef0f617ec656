import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { FRONT_DESK, type House, openHouse } from '../harness/house.js';
import { switchAutocreationOn } from '../harness/twilio.account.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
  await house.api('/senders', { method: 'POST', body: { channel: 'sms', address: FRONT_DESK } });
  await switchAutocreationOn(house.twilioOrigin, house.account, FRONT_DESK);
});
afterAll(() => house.close());
beforeEach(() => void house.twilio.switches({ autocreateAlsoClassic: true, classicDuplicate: true, listDelayMs: 0 }));

async function pass(...times: string[]): Promise<void> {
  for (const time of times) {
    await house.settle();
    await house.forward(time);
  }
  await house.settle();
}

/** Time for the adoption, and for the rounds that fetch what webhooks missed. */
const timePasses = (): Promise<void> => pass('10s', '6m', '6m');

/** States of the Conversations that Twilio made by itself. */
const autocreated = (): string[] => house.twilio.conversations().filter((one) => one.uniqueName === null).map((one) => one.state);

test.each([true, false])('a stranger\'s text is answered once, and theirs again as a known customer (messaging webhook beside autocreation: %s)', async (also) => {
  house.twilio.switches({ autocreateAlsoClassic: also });
  const customer = house.customer();
  customer.texts('What are your opening hours?');
  await pass('10s');
  await customer.expectsSms(/open Monday to Friday/);
  await timePasses();
  customer.texts('Is there parking?');
  await pass('10s');
  await customer.expectsSms(/./);
  await timePasses();
  const lines = await house.thread.lines(customer);
  expect(lines.filter((line) => line.startsWith('in: '))).toEqual(['in: What are your opening hours?', 'in: Is there parking?']);
  expect(autocreated().every((state) => state === 'closed')).toBe(true);
  await house.expectQuiet();
});

test('the same words twice are two messages, though only the Conversation told of them', async () => {
  const customer = house.customer();
  customer.texts('Hello');
  await customer.expectsSms(/./);
  await timePasses();
  await house.thread.change(customer, { event: 'staff_took_over', staff: 'Dana' });
  house.twilio.switches({ autocreateAlsoClassic: false, classicDuplicate: false });
  const sids = [customer.texts('Anybody there?'), customer.texts('Anybody there?')];
  await timePasses();
  const known = await house.database.query<{ sid: string }>('select provider_sid as sid from messages where provider_sid = any($1)', [sids]);
  expect(known.map((row) => row.sid).sort()).toEqual(sids.sort());
  expect((await house.thread.lines(customer)).filter((line) => line === 'in: Anybody there?')).toHaveLength(2);
  await house.expectQuiet();
});

test('a picture comes with the message', async () => {
  house.twilio.switches({ autocreateAlsoClassic: false });
  const customer = house.customer();
  house.twilio.text({ from: customer.address, to: FRONT_DESK, body: '', mediaUrls: ['https://example.com/knee.jpg'] });
  await pass('10s');
  await customer.expectsSms(/./);
  await timePasses();
  const [row] = await house.database.query<{ media: { contentType: string }[] }>('select media from messages where address = $1 and direction = \'inbound\'', [customer.address]);
  expect(row!.media).toMatchObject([{ contentType: 'image/jpeg' }]);
  await house.expectQuiet();
});

test('a message that Twilio\'s log shows late is waited for', async () => {
  house.twilio.switches({ autocreateAlsoClassic: false, listDelayMs: 60_000 });
  const customer = house.customer();
  customer.texts('What are your opening hours?');
  await pass('10s');
  expect(autocreated()).toContain('active');
  await pass('20s', '20s', '20s');
  await customer.expectsSms(/open Monday to Friday/);
  house.twilio.switches({ listDelayMs: 0 });
  await timePasses();
  expect(autocreated()).not.toContain('active');
  await house.expectQuiet();
});
