import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';
import type { Customer } from '../harness/customer.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const posts = (customer: Customer): unknown[] => house.twilio.requests().filter((request) => request.method === 'POST' && request.params['To'] === customer.address);

test('after STOP nothing is sent, not even an answer to a later question, until START', async () => {
  const customer = house.customer();
  customer.texts('STOP');
  await customer.expectsSms(/successfully been unsubscribed/);
  customer.texts('What are your opening hours?');
  await house.thread.stands(customer, 'suppressed');
  await house.settle();
  expect(posts(customer)).toEqual([]);
  customer.texts('START');
  await customer.expectsSms(/re-subscribed/);
  customer.texts('And now?');
  await customer.expectsSms(/./);
  await house.expectQuiet();
  expect(posts(customer)).toHaveLength(1);
});

test('a STOP that comes while the assistant thinks stops the reply on its way out', async () => {
  const customer = house.customer();
  house.model.next(async () => {
    customer.texts('STOP');
    await house.thread.has(customer, 'in: STOP');
    return [{ say: 'We are open all day.' }];
  });
  customer.texts('What are your opening hours?');
  await customer.expectsSms(/successfully been unsubscribed/);
  await house.thread.stands(customer, 'suppressed');
  await house.expectQuiet();
  expect(posts(customer)).toEqual([]);
});

test('when Twilio says 21610, that is remembered: Twilio is not asked again before START', async () => {
  const customer = house.customer().hasPhone('rejected:21610');
  customer.texts('What are your opening hours?');
  expect(await house.thread.stands(customer, 'suppressed')).toMatchObject({ errorCode: 21610 });
  customer.hasPhone('delivered').texts('Hello?');
  await house.thread.has(customer, 'in: Hello?');
  await house.settle();
  expect(posts(customer)).toHaveLength(1);
  customer.texts('UNSTOP');
  await house.thread.has(customer, 'in: UNSTOP');
  customer.texts('What are your opening hours?');
  await customer.expectsSms(/open Monday to Friday/);
  await house.expectQuiet();
});

test('HELP is left to Twilio, whose answer is the only one', async () => {
  const customer = house.customer();
  customer.texts('HELP');
  await customer.expectsSms(/Reply STOP to unsubscribe/);
  await house.thread.has(customer, 'in: HELP');
  await house.expectQuiet();
  expect(posts(customer)).toEqual([]);
});

test('"yes" is an answer like any other to somebody who never said stop', async () => {
  const customer = house.customer();
  customer.texts('Yes');
  await customer.expectsSms(/./);
  await house.expectQuiet();
});

test('on WhatsApp "Help", "Info", "Cancel" and "End" are questions like any other, and STOP and START are confirmed by the house', async () => {
  const customer = house.customer('whatsapp:+15557000001', 'whatsapp:+15550100001');
  for (const word of ['Help', 'Info', 'Cancel', 'End']) {
    house.model.next({ say: `You wrote ${word}.` });
    customer.texts(word);
    await customer.expectsSms(new RegExp(`You wrote ${word}`));
  }
  customer.texts('STOP');
  await customer.expectsSms(/no more messages/);
  customer.texts('What are your opening hours?');
  await house.settle();
  customer.texts('START');
  await customer.expectsSms(/here again/);
  customer.texts('What are your opening hours?');
  await customer.expectsSms(/open Monday to Friday/);
  await house.expectQuiet();
});
