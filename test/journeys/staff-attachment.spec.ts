import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';

const WHY = 'Attachments in the Conversation are not passed on to the customer yet.';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

test('a colleague\'s photo is in the thread as not sent, nothing goes to the customer, and the colleague reads so where they typed', async () => {
  const customer = house.customer();
  customer.texts('Hello');
  await customer.expectsSms(/./);
  await house.thread.types(customer, 'dana@clinic', '', ['image/jpeg', 'application/pdf']);
  const note = `The attachment of dana@clinic (image/jpeg, application/pdf) was not sent to the customer. ${WHY}`;
  await house.thread.has(customer, `note: ${note}`);
  const message = await house.thread.stands(customer, 'failed');
  expect(message.body).toBe('[image/jpeg, application/pdf]');
  await house.thread.belongsTo(customer, 'staff');
  await house.settle();
  expect(await house.thread.mirrored(customer)).toContain(`system: ${note}`);
  expect(await house.thread.deliveries(customer)).toHaveLength(1);
  await house.forward('6m');
  await house.expectQuiet();
});

test('the words beside an attachment are sent, also when the webhook was lost', async () => {
  const customer = house.customer();
  customer.texts('Hello');
  await customer.expectsSms(/./);
  house.twilio.fault({ kind: 'webhook-lost', match: { event: 'onMessageAdded' } });
  await house.thread.types(customer, 'dana@clinic', 'Here is the form.', ['application/pdf']);
  await house.settle();
  await house.forward('6m');
  await customer.expectsSms(/^Here is the form\.$/);
  await house.thread.has(customer, `note: The attachment of dana@clinic (application/pdf) was not sent to the customer, only the text was. ${WHY}`);
  await house.forward('6m');
  await house.expectQuiet();
});
