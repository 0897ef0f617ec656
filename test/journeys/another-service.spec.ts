import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTwilioClient } from '@throughline/twilio/client.js';
import { type House, openHouse } from '../harness/house.js';

let house: House;
let second: string;
beforeAll(async () => {
  house = await openHouse();
  const { sid: accountSid, authToken } = house.account;
  const { conversations } = createTwilioClient({ credentials: { accountSid, authToken }, apiOrigin: house.twilioOrigin });
  second = (await conversations.v1.services.create({ friendlyName: 'The hub\'s own' })).sid;
});
afterAll(() => house.close());

const serviceOf = async (conversationSid: string): Promise<string | undefined> =>
  (await house.database.query<{ sid: string }>('select service_sid as sid from mirrors where conversation_sid = $1', [conversationSid]))[0]?.sid;

test('told to use a Conversations service of its own, the hub goes on in the old Conversations and makes new ones there', async () => {
  const [known, fromBefore] = [house.customer(), house.customer()];
  for (const customer of [known, fromBefore]) {
    customer.texts('Hello');
    await customer.expectsSms(/./);
  }
  await house.settle();
  const [{ conversationSid }, old] = [await house.thread.conversation(known), await house.thread.conversation(fromBefore)];
  // As an older version of the hub left it behind.
  await house.database.query('update mirrors set service_sid = null where conversation_sid = $1', [old.conversationSid]);

  await house.restartWith({ TWILIO_CONVERSATIONS_SERVICE_SID: second });
  for (const customer of [known, fromBefore]) {
    customer.texts('What are your opening hours?');
    await customer.expectsSms(/open Monday to Friday/);
    await house.thread.types(customer, 'dana@clinic', 'Dana here.');
  }
  await house.settle();
  await house.forward('6m');
  for (const customer of [known, fromBefore]) {
    await customer.expectsSms(/^Dana here/);
    await house.thread.isMirrored(customer);
    expect(await house.thread.mirrored(customer)).toContain(`sms:${customer.address}: What are your opening hours?`);
  }
  const stranger = house.customer();
  stranger.texts('Hello');
  await stranger.expectsSms(/./);
  await house.settle();
  expect(await serviceOf((await house.thread.conversation(stranger)).conversationSid)).toBe(second);
  const first = await serviceOf(conversationSid);
  expect(first).not.toBe(second);
  expect(await serviceOf(old.conversationSid)).toBe(first);
  expect((await house.database.query('select 1 from messages where mirror_state = \'failed\''))).toEqual([]);
  await house.forward('6m');
  await house.expectQuiet();
});
