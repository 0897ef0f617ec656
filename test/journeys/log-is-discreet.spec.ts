import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse({ environment: { LOG_LEVEL: 'debug', OPENAI_API_KEY: 'sk-key-that-nobody-may-read' } });
});
afterAll(() => house.close());

test('the log has neither what people said nor secrets, not even when things go wrong', async () => {
  house.model.use([{ say: 'The zebra says hello.' }]);
  const customer = house.customer();
  house.twilio.fault({ kind: '500-after', match: { method: 'POST', path: '/Messages$' } });
  house.twilio.fault({ kind: '429', match: { method: 'POST', path: '/Messages.json' } });
  customer.texts('The walrus wants to know your opening hours.');
  await customer.expectsSms(/zebra/);
  await house.thread.types(customer, 'dana@clinic', 'The heron will look after this.');
  await customer.expectsSms(/heron/);
  customer.hasPhone('rejected:21211');
  await house.thread.types(customer, 'dana@clinic', 'The heron has more to say.');
  await house.thread.stands(customer, 'failed');
  await house.thread.isMirrored(customer);
  house.model.use([{ fail: 400, code: 'walrus_refused' }]);
  const other = house.customer();
  other.texts('A walrus again.');
  await other.expectsSms(/Sorry/);
  await house.expectQuiet();

  const log = house.log;
  expect(log).toMatch(/conversationSid/);
  for (const word of ['walrus wants', 'walrus again', 'zebra', 'heron', 'nobody-may-read', house.account.authToken, house.adminToken]) {
    expect([word, log.includes(word)]).toEqual([word, false]);
  }
});
