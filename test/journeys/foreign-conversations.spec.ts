import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createTwilioClient } from '@throughline/twilio/client.js';
import { FRONT_DESK, type House, openHouse } from '../harness/house.js';

/** A number of the same account that another program uses. */
const OTHER = '+15550100009';

let house: House;
beforeAll(async () => {
  house = await openHouse();
  house.twilio.addNumber({ accountSid: house.account.sid, phoneNumber: OTHER, smsUrl: '' });
});
afterAll(() => house.close());

/** Another program's Conversation: who texts through which number, and who of its people is in it. */
async function conversation(bindings: [string, string][], identities: string[] = []): Promise<string> {
  const { sid: accountSid, authToken } = house.account;
  const { conversations } = createTwilioClient({ credentials: { accountSid, authToken }, apiOrigin: house.twilioOrigin }).conversations.v1;
  const { sid } = await conversations.create({ friendlyName: 'of another program' });
  const { participants } = conversations.get(sid);
  for (const [address, proxy] of bindings) await participants.create({ 'messagingBinding.address': address, 'messagingBinding.proxyAddress': proxy });
  for (const identity of identities) await participants.create({ identity });
  return sid;
}

const stateOf = (sid: string): string => house.twilio.conversation(sid).state;

async function timePasses(): Promise<void> {
  for (const time of ['10s', '6m']) {
    await house.settle();
    await house.forward(time);
  }
  await house.settle();
}

test('Conversations on a number that is not the hub\'s stay as they are, and nobody is answered', async () => {
  const [single, one, other] = [house.customer(undefined, OTHER), house.customer(undefined, OTHER), house.customer(undefined, OTHER)];
  const lone = await conversation([[single.address, OTHER]]);
  const masked = await conversation([[one.address, OTHER], [other.address, OTHER]]);
  single.texts('Is my order ready?');
  one.texts('I am at the door');
  await other.expectsSms(/at the door/);
  await timePasses();
  expect([stateOf(lone), stateOf(masked)]).toEqual(['active', 'active']);
  expect((await house.api<{ items: { address: string }[] }>('/senders')).items.map((sender) => sender.address)).not.toContain(OTHER);
  await house.expectQuiet();
});

test('a colleague\'s Conversation with a customer on the hub\'s own number is not closed over their heads', async () => {
  const customer = house.customer();
  customer.texts('Hello');
  await customer.expectsSms(/./);
  const sid = await conversation([[customer.address, FRONT_DESK]], ['dana@clinic']);
  customer.texts('What are your opening hours?');
  await customer.expectsSms(/open Monday to Friday/);
  await timePasses();
  expect(stateOf(sid)).toBe('active');
  expect(house.log).toContain(`Conversation ${sid} uses our sender ${FRONT_DESK} and was left alone`);
  await house.expectQuiet();
});
