import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type House, openHouse } from '../harness/house.js';

let house: House;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(() => house.close());

test('"please don\'t text me any more" is confirmed once, then there is silence until START', async () => {
  const customer = house.customer();
  customer.texts("Please don't text me any more");
  await customer.expectsSms(/^Understood\. You will get no more messages from us here\. Write START/);
  customer.texts('stop texting me!');
  await house.thread.has(customer, 'in: stop texting me!');
  house.model.next({ say: 'Should never arrive.' });
  customer.texts('What are your opening hours?');
  await house.thread.stands(customer, 'suppressed');
  customer.texts('START');
  await house.thread.has(customer, 'in: START');
  house.model.next({ say: 'We open at eight.' });
  customer.texts('And now?');
  await customer.expectsSms(/We open at eight/);
  await house.expectQuiet();
  expect(customer.inbox().map(({ body }) => body).filter((body) => body.startsWith('Understood'))).toHaveLength(1);
});

test('a wish that only the assistant understands ends the messages by its tool, in the words of the customer\'s language', async () => {
  const customer = house.customer();
  const line = 'Capito. Non riceverà altri messaggi qui. Scriva START per riceverli di nuovo.';
  house.model.next({ callTool: { name: 'withdraw_consent', arguments: { everywhere: false, message: line } } });
  customer.texts('Ho trovato un altro dentista, non scrivetemi più');
  await customer.expectsSms(/^Capito/);
  await house.api(`/conversations/${(await house.thread.conversation(customer)).conversationSid}/messages`, { method: 'POST', body: { staff: 'Dana', body: 'Wait, please!' } });
  await house.thread.stands(customer, 'suppressed');
  await house.expectQuiet();
});

test('"on any channel" holds for every number of theirs, and START opens the one where it is said', async () => {
  const phone = house.customer('+15557000021');
  const whatsapp = house.customer('whatsapp:+15557000021', 'whatsapp:+15550100001');
  for (const customer of [phone, whatsapp]) {
    house.model.next({ say: 'Good morning.' });
    customer.texts('Hello');
    await customer.expectsSms(/Good morning/);
  }
  whatsapp.texts("Don't message me on any channel, please.");
  await whatsapp.expectsSms(/on any channel/);
  house.model.next({ say: 'Should never arrive.' });
  phone.texts('Are you open today?');
  await house.thread.stands(phone, 'suppressed');
  phone.texts('START');
  await house.thread.has(phone, 'in: START');
  house.model.next({ say: 'We are open.' });
  phone.texts('Are you open now?');
  await phone.expectsSms(/We are open/);
  // Asked where they still want nothing, they are answered where they want it again.
  house.model.next({ say: 'Never on WhatsApp.' });
  whatsapp.texts('And here?');
  await phone.expectsSms(/^Never on WhatsApp/);
  expect(await house.thread.stands(phone, 'delivered')).toMatchObject({ channel: 'whatsapp', via: { channel: 'sms', why: expect.stringContaining('has opted out of messages') } });
  await house.expectQuiet();
});

test('"don\'t stop texting me" and "stop by at 5?" are for the assistant', async () => {
  const customer = house.customer();
  for (const words of ["Don't stop texting me", 'Can I stop by at 5?']) {
    house.model.next({ say: `About: ${words}` });
    customer.texts(words);
    await customer.expectsSms(/^About/);
  }
  await house.expectQuiet();
});
