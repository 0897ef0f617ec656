import { afterAll, beforeAll, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

test('the queue forgets everything while the assistant thinks and texts wait: each is answered once', async () => {
  const [one, two] = [house.customer(), house.customer()];
  house.twilio.fault({ kind: '429', retryAfterS: 30, match: { method: 'POST', path: '/Messages.json' } });
  two.texts('Is there parking?');
  await house.thread.stands(two, 'retry_wait');
  house.model.next(async () => {
    await house.loseQueue();
    return [{ say: 'We open at eight.' }];
  });
  one.texts('When do you open?');
  await one.expectsSms(/^We open at eight/);
  await house.forward('1m');
  await two.expectsSms(/./);
  await house.expectQuiet();
});

test('jobs that the queue lost before anybody saw them are found in the rows', async () => {
  const customer = house.customer();
  house.diesAt('inbox.stored');
  await house.knows(customer.texts('When do you open?'));
  await house.loseQueue();
  await house.comesBack();
  await house.forward('1m');
  await customer.expectsSms(/open Monday to Friday/);
  await house.expectQuiet();
});

test('timers live in rows too: a conversation closes on time although the queue has forgotten its alarm', async () => {
  const customer = house.customer();
  customer.texts('Hello');
  await customer.expectsSms(/./);
  await house.settle();
  await house.loseQueue();
  await house.forward('73h');
  await house.thread.belongsTo(customer, 'closed');
  await house.expectQuiet();
});
