import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

test('what somebody wrote an hour ago is known when they call, and both sides of the call are in the thread, in order', async () => {
  const customer = house.customer();
  house.model.next({ say: 'Noted: the blue folder.' });
  customer.texts('Please keep my blue folder at the desk.');
  await customer.expectsSms(/blue folder/);
  await house.forward('1h');

  const call = customer.calls();
  await call.hears(/How can I help you/);
  house.model.next({ steps: async (prompt) => [{ say: /blue folder/.test(JSON.stringify(prompt)) ? 'Yes, your blue folder is here.' : 'Which folder?' }] });
  await call.says('Do you still have it?');
  await call.hearsAllOf(/Yes, your blue folder is here/);
  house.model.next({ say: 'Until six.' });
  await call.says('Until when can I come?');
  await call.hearsAllOf(/Until six/);
  call.hangsUp();
  await house.expectQuiet();

  const thread = await house.thread.messages(customer);
  expect(thread.map(({ channel, direction, body }) => [channel, direction, body])).toEqual([
    ['sms', 'inbound', 'Please keep my blue folder at the desk.'], ['sms', 'outbound', 'Noted: the blue folder.'],
    ['voice', 'outbound', expect.stringMatching(/How can I help you/)], ['voice', 'inbound', 'Do you still have it?'],
    ['voice', 'outbound', 'Yes, your blue folder is here.'], ['voice', 'inbound', 'Until when can I come?'], ['voice', 'outbound', 'Until six.'],
  ]);
  expect((await house.thread.mirrored(customer)).slice(-2)).toEqual([`voice:${customer.address}: Until when can I come?`, 'assistant: Until six.']);
  expect(customer.unexpected()).toEqual([]);
});
