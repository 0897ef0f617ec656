import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../harness/eventually.js';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

const SENDING = { method: 'POST', path: '/Messages.json' };
const posts = (to: string): unknown[] => house.twilio.requests().filter((request) => request.method === 'POST' && request.params['To'] === to);

test('a 500 that came before the effect: Twilio is asked, has nothing, and the text is sent after all', async () => {
  const customer = house.customer();
  house.twilio.fault({ kind: '500-before', match: SENDING });
  customer.texts('What are your opening hours?');
  await house.thread.stands(customer, 'retry_wait');
  await house.forward('10s');
  await customer.expectsSms(/open Monday to Friday/);
  await house.thread.stands(customer, 'delivered');
  await house.expectQuiet();
  expect(posts(customer.address)).toHaveLength(2);
});

test.each([['500-after', {}], ['drop-answer', {}]] as const)('after %s the text is found in Twilio\'s list and never sent again', async (kind, extra) => {
  const customer = house.customer().hasPhone('silent');
  house.twilio.fault({ kind, match: SENDING, ...extra });
  customer.texts('What are your opening hours?');
  await house.thread.stands(customer, 'retry_wait');
  await house.forward('10s');
  await customer.expectsSms(/open Monday to Friday/);
  await house.thread.stands(customer, 'sent');
  await house.expectQuiet();
  expect(posts(customer.address)).toHaveLength(1);
});

test('a receipt says what the lost answer could not, and nobody asks any more', async () => {
  const customer = house.customer();
  house.twilio.fault({ kind: 'drop-answer', match: SENDING });
  customer.texts('What are your opening hours?');
  await customer.expectsSms(/open Monday to Friday/);
  await house.thread.stands(customer, 'delivered');
  await house.forward('10s');
  await house.expectQuiet();
  expect(posts(customer.address)).toHaveLength(1);
});

test('a call that hangs is given up, and another worker finds the text where it is', async () => {
  const customer = house.customer().hasPhone('silent');
  house.twilio.fault({ kind: 'hang', hangMs: 20_000, match: SENDING });
  customer.texts('What are your opening hours?');
  await customer.expectsSms(/open Monday to Friday/);
  await house.forward('1m');
  await house.thread.stands(customer, 'sent');
  await house.expectQuiet();
  expect(posts(customer.address)).toHaveLength(1);
});

test('two replies with the same words, the first one\'s answer lost: each is sent once', async () => {
  const customer = house.customer().hasPhone('silent');
  house.model.next({ say: 'Yes.' });
  house.model.next({ say: 'Yes.' });
  house.twilio.fault({ kind: '500-after', match: SENDING });
  customer.texts('Are you open?');
  await house.thread.stands(customer, 'retry_wait');
  customer.texts('Today?');
  await customer.expectsSms(/^Yes/);
  await customer.expectsSms(/^Yes/);
  await house.forward('10s');
  await house.thread.stands(customer, 'sent');
  await house.expectQuiet();
  expect(posts(customer.address)).toHaveLength(2);
});

test('when Twilio cannot even be asked, the text is never sent blindly: in the end its state is unknown, for people to see', async () => {
  const customer = house.customer().hasPhone('silent');
  house.twilio.fault({ kind: '500-after', match: SENDING });
  house.twilio.fault({ kind: '500-before', times: 0, match: { method: 'GET', path: '/Messages.json' } });
  customer.texts('What are your opening hours?');
  await customer.expectsSms(/open Monday to Friday/);
  for (let hour = 0; hour < 4; hour++) {
    const { attempt } = await house.thread.delivery(customer, { state: 'retry_wait' });
    await house.forward('1h');
    await eventually('the next look', async () => (await house.thread.delivery(customer, {})).attempt > attempt);
  }
  await house.thread.stands(customer, 'unknown');
  house.twilio.clearFaults();
  await house.expectQuiet();
  expect(posts(customer.address)).toHaveLength(1);
});
