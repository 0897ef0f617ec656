import { afterAll, beforeAll, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

test('a colleague\'s message whose webhook is lost is found by comparing, within minutes, and texted once', async () => {
  const customer = house.customer();
  customer.texts('Hello');
  await customer.expectsSms(/./);
  house.twilio.fault({ kind: 'webhook-lost', match: { event: 'onMessageAdded' } });
  await house.thread.types(customer, 'dana@clinic', 'Dana here.');
  await house.forward('6m');
  await customer.expectsSms(/^Dana here/);
  await house.thread.belongsTo(customer, 'staff');
  await house.forward('6m');
  await house.forward('6m');
  await house.expectQuiet();
});

test('also when the customer has been waiting for people for hours', async () => {
  const customer = house.customer();
  customer.texts('I want to talk to a real person.');
  await customer.expectsSms(/./);
  await house.thread.belongsTo(customer, 'queued');
  await house.forward('3h');
  house.twilio.fault({ kind: 'webhook-lost', match: { event: 'onMessageAdded' } });
  await house.thread.types(customer, 'dana@clinic', 'Dana here, sorry for the wait.');
  await house.forward('6m');
  await customer.expectsSms(/^Dana here, sorry/);
  await house.expectQuiet();
});

test('and when the colleague takes up a conversation that has been quiet since yesterday', async () => {
  const customer = house.customer();
  customer.texts('Hello');
  await customer.expectsSms(/./);
  await house.forward('24h');
  house.twilio.fault({ kind: 'webhook-lost', match: { event: 'onMessageAdded' } });
  await house.thread.types(customer, 'dana@clinic', 'Dana here, your results are in.');
  await house.forward('6m');
  await customer.expectsSms(/results are in/);
  await house.expectQuiet();
});
