import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { FRONT_DESK, type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

test('a lost text that cannot be read holds nobody else up, and is taken in as soon as it can be', async () => {
  const [stuck, lucky] = [house.customer(), house.customer()];
  stuck.texts('Hello');
  await stuck.expectsSms(/./);
  house.twilio.fault({ kind: 'webhook-lost', match: { event: 'messaging' }, times: 2 });
  const { messageSid } = house.twilio.text({ from: stuck.address, to: FRONT_DESK, body: 'What are your opening hours?', mediaUrls: ['https://example.com/sign.jpg'] });
  lucky.texts('What are your opening hours?');
  house.twilio.fault({ kind: '500-before', match: { path: `${messageSid}/Media` }, times: 0 });
  await house.forward('6m');
  await lucky.expectsSms(/open Monday to Friday/);
  expect(house.log).toContain(`${messageSid} could not be taken in. The next round tries again`);
  await house.settle();
  await house.forward('6m');
  await house.settle();
  await house.forward('6m');
  await house.settle();
  house.twilio.clearFaults();
  await house.forward('6m');
  await stuck.expectsSms(/open Monday to Friday/);
  await house.expectQuiet();
});

test('a sender whose texts cannot be listed holds no other sender up', async () => {
  const branch = '+15550100002';
  house.twilio.addNumber({ accountSid: house.account.sid, phoneNumber: branch, smsUrl: `${house.url}/webhooks/twilio/messaging` });
  const customer = house.customer(undefined, branch);
  customer.texts('Hello');
  await customer.expectsSms(/./);
  await house.settle();
  house.twilio.fault({ kind: 'webhook-lost', match: { event: 'messaging' } });
  customer.texts('What are your opening hours?');
  // The senders are asked about in the order in which they became known: the front desk first.
  house.twilio.fault({ kind: '500-before', match: { method: 'GET', path: '/Accounts/\\w+/Messages' } });
  await house.forward('6m');
  await customer.expectsSms(/open Monday to Friday/);
  expect(house.log).toContain(`Texts to ${FRONT_DESK} (sms) could not be fetched`);
  await house.forward('6m');
  await house.expectQuiet();
});
